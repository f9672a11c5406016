// Takes the tables of records of a page; lets a reader pick among the records and order them, and adds up those picked.
for (const bar of document.querySelectorAll("[data-records]")) {
  const one = (part, what) => part.querySelector(what), all = (part, what) => Array.from(part.querySelectorAll(what));
  const { words } = JSON.parse(one(bar, "script").textContent);
  const amount = (text) => {
    const plain = text.replaceAll(words.group, "").replace(words.decimal, ".");
    return plain ? reckon.number(plain) : null;
  };
  const tables = all(document, ".records").map((box) => {
    const data = box.dataset, [near, far] = all(box, "tbody"), open = near.rows.length;
    const fold = one(box, "details"), rest = one(box, "tfoot"), said = one(box, "output");
    const rows = all(box, "tbody tr").map((row) => {
      const effect = amount(row.cells[data.added].textContent), is = row.cells[data.kind]?.textContent;
      return { row, is, went: row.className || "counted", effect, size: effect ?? -(10n ** 40n) };
    });
    const ordered = {
      "": rows,
      early: rows.slice().reverse(),
      added: rows.slice().sort((a, b) => (b.size > a.size ? 1 : -(b.size < a.size))),
    };
    return ({ reader, kind, fate, order }) => {
      let sum = 0n, count = 0;
      for (const { row, is, went, effect } of ordered[order]) {
        row.hidden = (kind && is !== kind) || (fate && went !== fate);
        (count < open ? near : (far ?? near)).append(row);
        if (row.hidden) continue;
        count += 1;
        if (effect === null) continue;
        sum += effect;
        row.cells[data.total].textContent = asWritten(reckon.written(sum), words);
      }
      for (const lead of all(box, "[data-lead]")) lead.hidden = lead.dataset.lead !== order;
      if (fold) {
        fold.hidden = count <= open;
        one(fold, "summary").textContent = filled(words.more, "n", count - open);
      }
      if (rest) rest.hidden = !!(kind || fate || order);
      said.hidden = !kind && !fate && !(rest && order);
      const told = filled(filled(data.total ? words.sum : words.picked, "picked", count), "all", rows.length);
      said.textContent = filled(told, "sum", asWritten(reckon.written(sum), words));
      box.hidden = !count || (reader && !data.readers.split(" ").includes(reader));
      return !box.hidden;
    };
  });
  const show = () => {
    const picked = Object.fromEntries(all(bar, "select").map((each) => [each.dataset.by, each.value]));
    one(bar, "output").textContent = tables.filter((table) => table(picked)).length ? "" : words.none;
  };
  bar.addEventListener("input", show);
  bar.hidden = false;
  // A browser may remember what was picked before the page was left.
  show();
}
