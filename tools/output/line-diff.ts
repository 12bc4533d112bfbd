/** A readable difference of two texts, line by line. */

const CONTEXT = 2;
/** Beyond this many lines left after equal ends are cut off, the middle is shown as replaced. */
const LIMIT = 2000;

/** Lines with `-`, `+` or blank before them; `…` where equal lines are left out. At most `limit` lines. */
export function lineDiff(before: string, after: string, limit = 40): string[] {
  const old = before.split("\n");
  const now = after.split("\n");
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const marks = [
    ...old.slice(0, head).map((line) => ` ${line}`),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...old.slice(old.length - tail).map((line) => ` ${line}`),
  ];
  return abridge(marks, limit);
}

function middle(old: readonly string[], now: readonly string[]): string[] {
  if (old.length > LIMIT || now.length > LIMIT || old.length === 0 || now.length === 0) {
    return [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)];
  }
  // Longest common subsequence, from the end so that it can be read off from the start.
  const width = now.length + 1;
  const table = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      table[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const marks: string[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      marks.push(` ${old[i++]}`);
      j++;
    } else if (i < old.length && (j === now.length || at(i + 1, j) >= at(i, j + 1))) {
      marks.push(`-${old[i++]}`);
    } else {
      marks.push(`+${now[j++]}`);
    }
  }
  return marks;
}

function abridge(marks: readonly string[], limit: number): string[] {
  const near = (index: number): boolean =>
    marks.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((mark) => mark[0] !== " ");
  const shown: string[] = [];
  for (const [index, mark] of marks.entries()) {
    if (mark[0] !== " " || near(index)) shown.push(mark);
    else if (shown.at(-1) !== "…") shown.push("…");
    if (shown.length > limit) return [...shown.slice(0, limit), "… and more"];
  }
  return shown;
}
