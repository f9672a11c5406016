// Takes a page; lets its calculator and its tables of records answer. What is read of the address is only filled in.
for (const box of document.querySelectorAll("[data-calculator]")) {
  const { program, words } = JSON.parse(box.querySelector("script").textContent);
  const fields = Array.from(box.querySelectorAll("[data-field]"));
  const inputs = new Map(program.inputs.map((each) => [each.name, each]));
  const inputOf = (field) => inputs.get(field.dataset.field);
  const figure = (n, places) => asWritten(reckon.written(n, places === 9 ? undefined : places), words);
  const whole = (text, { from, to, places }) => {
    const plain = text.replace(words.decimal, ".");
    if ((words.decimal !== "." && text.includes(".")) || !/^-?\d{1,25}(\.\d{1,9})?$/.test(plain)) return undefined;
    const found = reckon.number(plain);
    const fits = found >= reckon.number(from) && found <= reckon.number(to) && found % 10n ** BigInt(9 - places) === 0n;
    return fits ? found : undefined;
  };
  const valueOf = (field) => {
    const input = inputOf(field), text = field.value.trim();
    if (!field.validity.valid) return undefined;
    if (text === "") return input.optional ? null : undefined;
    switch (input.type) {
      case "number": return whole(text, input);
      case "day": return reckon.day(text) ?? undefined;
      case "yes/no": return text === "yes";
      case "one of": return text;
      default: return field.value;
    }
  };
  const judged = (field) => {
    const value = valueOf(field), right = value !== undefined;
    field.setAttribute("aria-invalid", String(!right));
    field.setAttribute("aria-describedby", field.id + "-hint" + (right ? "" : " " + field.id + "-wrong"));
    document.getElementById(field.id + "-wrong").hidden = right;
    return [field.dataset.field, value];
  };
  const result = (values) => {
    if (Object.values(values).includes(undefined)) return [words.wrong];
    try {
      const { unmet, lines, score, band } = reckon.worked(program, values);
      if (unmet !== undefined) return [words["unmet." + unmet]];
      if (score === undefined) return [lines[0] === null ? words.none : filled(words.points, "points", figure(lines[0], program.line_places)), lines];
      const text = band === undefined ? words.score : filled(words.band, "band", words["band." + band]);
      return [filled(text, "score", figure(score, program.score.places)), lines];
    } catch (problem) {
      if (problem instanceof Unworkable) return [words.unworkable];
      throw problem;
    }
  };
  const show = () => {
    const [text, lines] = result(Object.fromEntries(fields.map(judged)));
    box.querySelector("[data-result]").textContent = text;
    program.rules.forEach(({ name }, at) => {
      const cell = box.querySelector(`[data-line="${name}"]`), found = lines?.[at];
      if (cell) cell.textContent = found === undefined || found === null ? "-" : figure(found, program.line_places);
    });
  };
  const keep = () => {
    const state = new URLSearchParams();
    for (const field of fields)
      if (field.value !== field.dataset.start)
        state.set(field.dataset.field, inputOf(field).type === "number" ? field.value.replace(words.decimal, ".") : field.value);
    const kept = state.toString();
    try {
      history.replaceState(null, "", location.href.split("#")[0] + (kept && "#" + kept));
    } catch {
      // A page of which the browser lets no script change the address works all the same.
    }
  };
  const recall = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const field of fields) {
      const kept = state.get(field.dataset.field), { start } = field.dataset, { type } = inputOf(field);
      const text = kept === null || kept.length > 100 ? start : type === "number" ? kept.replace(".", words.decimal) : kept;
      // A field takes no choice that it has not and nothing that is no day: it is empty then.
      field.value = type === "day" && reckon.day(text) === null ? "" : text;
      if (field.value !== text) field.value = start;
      if (field.value !== start) box.closest("details").open = true;
    }
    show();
  };
  box.addEventListener("input", () => (show(), keep()));
  box.querySelector("[data-back]").addEventListener("click", () => {
    for (const field of fields) field.value = field.dataset.start;
    show();
    keep();
  });
  // A way past the links has an address, too, and holds no state.
  addEventListener("hashchange", () => location.hash.includes("=") && recall());
  box.hidden = false;
  recall();
}
function filled(text, name, value) {
  return text.split("{" + name + "}").join(value);
}
function asWritten(plain, { decimal, group }) {
  const [before, after] = plain.split(".");
  return before.replace(/\B(?=(\d{3})+$)/g, () => group) + (after ? decimal + after : "");
}
