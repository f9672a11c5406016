// Takes a list of names, or of lists of names; shows those that can have the name that is typed. All stay without it.
for (const box of document.querySelectorAll("[data-finder]")) {
  const input = box.querySelector("input"), none = box.querySelector("[data-none]");
  const entries = Array.from(box.parentElement.querySelectorAll("[data-first]"));
  const order = (one, other) => {
    // The order of code points, as the lists have it: that of units of 16 bits is another.
    const a = Array.from(one), b = Array.from(other), at = a.findIndex((char, place) => char !== b[place]);
    return at < 0 ? a.length - b.length : at >= b.length ? 1 : a[at].codePointAt(0) - b[at].codePointAt(0);
  };
  const fits = ({ first, last }, typed) =>
    first === last ? first.includes(typed) : order(last, typed) >= 0 && (order(first, typed) <= 0 || first.startsWith(typed));
  const show = () => {
    const typed = input.value.trim().toLowerCase();
    let found = 0;
    for (const each of entries) {
      each.hidden = !fits(each.dataset, typed);
      found += each.hidden ? 0 : 1;
    }
    none.hidden = found > 0;
  };
  input.addEventListener("input", show);
  box.hidden = false;
  show();
}
