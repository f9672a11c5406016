// Takes a program made from the rules and values for what it reads; gives the points and the score, to the last digit.
// Numbers are whole billionths; days are counted from 1970-01-01; what is missing is null.
"use strict";
class Unworkable extends Error {}
const reckon = (() => {
  const ONE = 10n ** 9n, LIMIT = 10n ** 33n, GUARD = 40, SLACK = 10n ** 15n;
  const size = (n) => (n < 0n ? -n : n);
  const power = (digits) => 10n ** BigInt(digits);
  // ---- arithmetic: the true value, rounded half away from zero ----
  const nearest = (above, below) => {
    const half = (2n * size(above) + size(below)) / (2n * size(below));
    return above < 0n === below < 0n ? half : -half;
  };
  const bounded = (n) => {
    if (size(n) > LIMIT) throw new Unworkable();
    return n;
  };
  const rounded = (n, places) => nearest(n, power(9 - places)) * power(9 - places);
  const down = (n) => (n - (((n % ONE) + ONE) % ONE));
  const rootBelow = (n) => {
    if (n < 2n) return n;
    let guess = 1n << BigInt((n.toString(2).length + 1) >> 1);
    for (;;) {
      const next = (guess + n / guess) >> 1n;
      if (next >= guess) return guess;
      guess = next;
    }
  };
  const settled = (function_) => {
    for (let digits = 40; ; digits *= 2) {
      const found = function_(digits), unit = power(digits - 9);
      const low = nearest(found - SLACK, unit), high = nearest(found + SLACK, unit);
      if (low === high) return low;
    }
  };
  const series = (z, scale) => {
    let sum = 0n;
    const square = (z * z) / scale;
    for (let odd = 1n, term = z; term !== 0n; odd += 2n, term = (term * square) / scale) sum += term / odd;
    return 2n * sum;
  };
  const kept = new Map();
  const once = (name, digits, make) => {
    const key = name + digits;
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key);
  };
  const ln = (above, below, digits) => {
    const scale = power(digits);
    let twos = 0n;
    for (; 2n * above > 3n * below; twos += 1n) below *= 2n;
    for (; 4n * above < 3n * below; twos -= 1n) above *= 2n;
    const two = once("ln2", digits, () => series(scale / 3n, scale));
    return series(((above - below) * scale) / (above + below), scale) + twos * two;
  };
  const exp = (n, digits) => {
    const inner = power(digits + GUARD), scale = power(digits), small = (n * power(GUARD)) >> 16n;
    let sum = 0n, term = inner;
    for (let count = 1n; term !== 0n; count += 1n) {
      sum += term;
      term = (term * small) / (inner * count);
    }
    for (let times = 0; times < 16; times += 1) sum = (sum * sum) / inner;
    return (sum * scale) / inner;
  };
  const inverseArctan = (n, scale) => {
    let sum = 0n;
    for (let odd = 1n, term = scale / n; term !== 0n; odd += 2n, term = -term / (n * n)) sum += term / odd;
    return sum;
  };
  const slope = (digits) => {
    // 2/√π
    const scale = power(digits);
    const pi = once("pi", digits, () => 16n * inverseArctan(5n, scale) - 4n * inverseArctan(239n, scale));
    return once("slope", digits, () => (2n * scale * scale) / rootBelow(pi * scale));
  };
  const erf = (x, digits) => {
    const scale = power(digits), square = (x * x) / scale;
    let sum = 0n;
    for (let odd = 3n, term = x; term !== 0n; odd += 2n) {
      sum += term;
      term = (2n * term * square) / (scale * odd);
    }
    return (((slope(digits) * exp(-square, digits)) / scale) * sum) / scale;
  };
  const eightTenths = (digits) =>
    once("0.8", digits, () => {
      const scale = power(digits);
      let found = (9061938024368232n * scale) / power(16);
      for (let right = 15; right < digits; right *= 2) {
        const steep = (slope(digits) * exp(-(found * found) / scale, digits)) / scale;
        found -= ((erf(found, digits) - (8n * scale) / 10n) * scale) / steep;
      }
      return found;
    });
  const positive = (n) => {
    if (n <= 0n) throw new Unworkable();
    return n;
  };
  const functions = {
    min: (...all) => all.reduce((a, b) => (b < a ? b : a)),
    max: (...all) => all.reduce((a, b) => (b > a ? b : a)),
    abs: size,
    round: (n) => rounded(n, 0),
    floor: down,
    ceiling: (n) => -down(-n),
    sqrt: (n) => {
      if (n < 0n) throw new Unworkable();
      return (rootBelow(4n * n * ONE) + 1n) / 2n;
    },
    ln: (n) => settled((digits) => ln(positive(n), ONE, digits)),
    log10: (n) => settled((digits) => (ln(positive(n), ONE, digits) * power(digits)) / ln(10n, 1n, digits)),
    exp: (n) => {
      if (n > 22n * ONE) throw new Unworkable();
      return n <= -22n * ONE ? 0n : settled((digits) => exp((n * power(digits)) / ONE, digits));
    },
    erfc: (n) => {
      if (size(n) > 5n * ONE) return n > 0n ? 0n : 2n * ONE;
      return settled((digits) => power(digits) - erf((n * power(digits)) / ONE, digits));
    },
  };
  const held = (n, low, high) => (low !== null && n < low ? low : high !== null && n > high ? high : n);
  const shapes = {
    linear: (x, full) => nearest(x * ONE, full),
    "square root": (x, full) => (rootBelow((4n * x * ONE * ONE) / full) + 1n) / 2n,
    logarithmic: (x, full) =>
      x === full ? ONE : settled((digits) => {
        const inner = digits + GUARD;
        return (ln(x + ONE, ONE, inner) * power(digits)) / ln(full + ONE, ONE, inner);
      }),
  };
  const logNormal = (x, median, p10) => {
    if (x <= 0n) return p10 < median ? ONE : 0n;
    if (x === median) return ONE / 2n;
    if (x === p10) return (9n * ONE) / 10n;
    return settled((digits) => {
      const inner = digits + GUARD;
      const place = (ln(x, median, inner) * eightTenths(digits)) / ln(p10, median, inner);
      if (size(place) > 5n * power(digits)) return place > 0n ? power(digits) : 0n;
      return (power(digits) + erf(place, digits)) / 2n;
    });
  };
  // ---- values ----
  const number = (text) => {
    const [whole, rest = ""] = text.replace("-", "").split(".");
    const found = BigInt(whole + rest.padEnd(9, "0"));
    return text.startsWith("-") ? -found : found;
  };
  const day = (text) => {
    const [year, month, date] = text.split("-").map(Number), made = new Date(0);
    made.setUTCFullYear(year, month - 1, date);
    const same = made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
    return same ? made.getTime() / 864e5 : null;
  };
  const ofType = { number, day, text: (text) => text, "yes/no": (text) => text === "yes" };
  const written = (n, places) => {
    const digits = size(n).toString().padStart(10, "0"), rest = digits.slice(-9);
    const shown = places === undefined ? rest.replace(/0+$/, "") : rest.slice(0, places);
    return (n < 0n ? "-" : "") + digits.slice(0, -9) + (shown && "." + shown);
  };
  const points = (text) => Array.from(text, (each) => each.codePointAt(0));
  const less = (a, b) => {
    if (typeof a !== "string") return a < b;
    const left = points(a), right = points(b), place = left.findIndex((each, at) => each !== right[at]);
    return place < 0 ? left.length < right.length : place < right.length && left[place] < right[place];
  };
  const folded = (text) => text.replace(/[A-Z]/g, (each) => each.toLowerCase());
  const parted = (ordinal) => {
    const date = new Date(ordinal * 864e5);
    return [date.getUTCFullYear(), date.getUTCMonth() * 100 + date.getUTCDate()];
  };
  const birthdays = (start, end) => {
    const [first, from] = parted(start), [last, to] = parted(end);
    return last - first - (to < from ? 1 : 0);
  };
  const strict = {
    "+": (a, b) => bounded(a + b),
    "-": (a, b) => bounded(a - b),
    "*": (a, b) => bounded(nearest(a * b, ONE)),
    "/": (a, b) => {
      if (b === 0n) throw new Unworkable();
      return bounded(nearest(a * ONE, b));
    },
    negative: (a) => -a,
    not: (a) => !a,
    "=": (a, b) => a === b,
    "!=": (a, b) => a !== b,
    "<": less,
    "<=": (a, b) => !less(b, a),
    ">": (a, b) => less(b, a),
    ">=": (a, b) => !less(a, b),
    "days from": (a, b) => BigInt(b - a) * ONE,
    "starts with": (a, b) => a.startsWith(b),
    "ends with": (a, b) => a.endsWith(b),
    contains: (a, b) => a.includes(b),
    ...functions,
  };
  for (const each of ["starts with", "ends with", "contains"])
    strict[each + ", ignoring case"] = (a, b) => strict[each](folded(a), folded(b));
  // ---- a program over values: {name: value or null} ----
  const worked = (program, values) => {
    const today = day(program.as_of), measured = new Map();
    const constant = (text) => (text === undefined ? null : number(text));
    const formula = (name) => {
      if (!measured.has(name)) {
        const { when, value } = program.measures.find((each) => each.name === name);
        measured.set(name, when && work(when) !== true ? null : work(value));
      }
      return measured.get(name);
    };
    const logic = (operands, decider) => {
      let unknown = false;
      for (const each of operands) {
        const truth = work(each);
        if (truth === decider) return decider;
        unknown ||= truth === null;
      }
      return unknown ? null : !decider;
    };
    const since = (start, count) => (start === null || start > today ? null : BigInt(count(start, today)) * ONE);
    const among = (value, options) => {
      if (value === null) return null;
      let unknown = false;
      for (const each of options) {
        const option = work(each);
        if (option === value) return true;
        unknown ||= option === null;
      }
      return unknown ? null : false;
    };
    const work = ({ op, value, of = [] }) => {
      if (Object.hasOwn(ofType, op)) return ofType[op](value);
      switch (op) {
        case "attribute": return values[value];
        case "measure": return Object.hasOwn(values, value) ? values[value] : formula(value);
        case "and": return logic(of, false);
        case "or": return logic(of, true);
        case "in": return among(work(of[0]), of.slice(1));
        case "is missing": return work(of[0]) === null;
        case "or else": return work(of[0]) ?? work(of[1]);
        case "if": {
          const truth = work(of[0]);
          return truth === null ? null : work(of[truth ? 1 : 2]);
        }
        case "days since": return since(work(of[0]), (a, b) => b - a);
        case "years since": return since(work(of[0]), birthdays);
      }
      if (!Object.hasOwn(strict, op)) throw new Unworkable();
      const all = of.map(work);
      return all.includes(null) ? null : strict[op](...all);
    };
    const takes = (row, value) => {
      if (row.takes === "missing") return value === null;
      if (row.takes === "otherwise" || value === null) return false;
      if (row.takes === "values") return row.values.some((each) => work(each) === value);
      const low = row.from && work(row.from), high = row.to && work(row.to);
      const above = !row.from || less(low, value) || (value === low && !row.from_open);
      return above && (!row.to || less(value, high) || (value === high && !row.to_open));
    };
    const body = (rule) => {
      if (rule.rows) {
        const value = work(rule.value);
        const row = rule.rows.find((each) => takes(each, value)) ?? rule.rows.find((each) => each.takes === "otherwise");
        return row && (work(row.points) ?? undefined);
      }
      const x = work(rule.value);
      if (x === null) return undefined;
      if (!rule.weight) return x;
      const full = constant(rule.full);
      const level =
        !rule.shape ? held(x, 0n, ONE)
        : rule.shape === "log normal" ? logNormal(x, full, number(rule.p10))
        : shapes[rule.shape](held(x, 0n, full), full);
      return nearest(number(rule.weight) * level, ONE);
    };
    const line = (rule) => {
      let value = !rule.when || work(rule.when) === true ? body(rule) : undefined;
      if (value === undefined) value = rule.otherwise ? work(rule.otherwise) : null;
      if (value === null) return null;
      const raised = held(value, constant(rule.at_least), null);
      return rounded(held(raised, null, constant(rule.at_most)), program.line_places);
    };
    const unmet = program.requires.find((each) => work(each.when) !== true);
    if (unmet) return { unmet: unmet.name };
    const lines = program.rules.map(line), { rules, score: ends } = program;
    const together = (facet) => lines.reduce((sum, each, at) => (rules[at].facet === facet ? sum + (each ?? 0n) : sum), 0n);
    let score = together(undefined);
    for (const each of program.facets)
      score += held(together(each.name), constant(each.at_least), constant(each.at_most));
    if (ends?.out_of) {
      const weights = rules.reduce((sum, each, at) => (lines[at] === null ? sum : sum + number(each.weight)), 0n);
      if (weights === 0n) return { unmet: "score", lines };
      score = nearest(score * number(ends.out_of), weights);
    }
    if (!ends) return { lines };
    score = rounded(held(score, constant(ends.at_least), constant(ends.at_most)), ends.places ?? 9);
    const reached = ({ from, needs }) => (needs ? needs.every((each) => work(each) === true) : number(from) <= score);
    return { lines, score, band: program.bands.filter(reached).pop()?.name };
  };
  return { worked, number, day, written };
})();
