import type { FragmentEvent, FragmentList, FragmentRange } from "./types.js";

/** Fragments as unbroken runs, ascending and apart: [first, last, first, last, …], both ends included. */
export type Runs = readonly number[];

/** Runs of a list and a range together [E-PAMP-16]; undefined when neither says anything. A range needs both its ends. */
export function runsOf(list: FragmentList | undefined, range: FragmentRange | undefined): Runs | undefined {
  const bounds = completeRange(range);
  if (list?.fragment === undefined) return bounds;
  return union(runsOfNumbers(list.fragment), bounds ?? []);
}

/** The two ends of a range, or undefined when one is missing. A reversed one is for the caller to refuse [E-PAMP-69]. */
export function completeRange(range: FragmentRange | undefined): [first: number, last: number] | undefined {
  const first = range?.start_fragment_id;
  const last = range?.end_fragment_id;
  return first === undefined || last === undefined ? undefined : [first, last];
}

/**
 * Fragments that events say the reporter has received [E-PAMP-36]: downloads whose integrity check did not fail. A missing
 * receiver is the reporter [E-PAMP-38]. An ID that is no decimal number has no place beside numbered ones [E-PAMP-10].
 */
export function runsOfEvents(events: readonly FragmentEvent[], reporter: string): Runs {
  const numbers: number[] = [];
  for (const { fragment_event_type, fragment_id, fragment_integrity, to } of events) {
    if (fragment_event_type !== "DOWNLOADED" || fragment_integrity === false) continue;
    if (to !== undefined && to !== reporter) continue;
    const number = /^\d{1,16}$/.test(fragment_id ?? "") ? Number(fragment_id) : Number.NaN;
    if (Number.isSafeInteger(number)) numbers.push(number);
  }
  return runsOfNumbers(numbers);
}

export function union(a: Runs, b: Runs): Runs {
  if (b.length === 0) return a;
  const runs: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && (a[i] as number) <= (b[j] as number))) {
      append(runs, a[i] as number, a[i + 1] as number);
      i += 2;
    } else {
      append(runs, b[j] as number, b[j + 1] as number);
      j += 2;
    }
  }
  return runs;
}

/** Number of the wanted fragments that are held. */
export function countHeld(held: Runs, wanted: Runs): number {
  let count = 0;
  let i = 0;
  for (let w = 0; w < wanted.length; w += 2) {
    const first = wanted[w] as number;
    const last = wanted[w + 1] as number;
    if (w === 0) i = firstRunEndingAtOrAfter(held, first);
    while (i < held.length && (held[i + 1] as number) < first) i += 2;
    for (let j = i; j < held.length && (held[j] as number) <= last; j += 2) {
      count += Math.min(last, held[j + 1] as number) - Math.max(first, held[j] as number) + 1;
    }
  }
  return count;
}

/** Number of fragments in runs. */
export function countOf(runs: Runs): number {
  let count = 0;
  for (let i = 0; i < runs.length; i += 2) count += (runs[i + 1] as number) - (runs[i] as number) + 1;
  return count;
}

function firstRunEndingAtOrAfter(runs: Runs, number: number): number {
  let low = 0;
  let high = runs.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[middle * 2 + 1] as number) < number) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

function runsOfNumbers(numbers: readonly number[]): Runs {
  const runs: number[] = [];
  for (const number of isAscending(numbers) ? numbers : Float64Array.from(numbers).sort()) append(runs, number, number);
  return runs;
}

/** The fragments of runs, one by one. */
export function numbersOf(runs: Runs): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < runs.length; i += 2) {
    for (let at = runs[i] as number; at <= (runs[i + 1] as number); at++) numbers.push(at);
  }
  return numbers;
}

/** Each number is greater than the one before it. */
export function isAscending(numbers: readonly number[]): boolean {
  for (let i = 1; i < numbers.length; i++) if ((numbers[i] as number) <= (numbers[i - 1] as number)) return false;
  return true;
}

/** Adds a run that starts nowhere before the last one. */
function append(runs: number[], first: number, last: number): void {
  const end = runs.length - 1;
  const previous = runs[end];
  if (previous === undefined || first > previous + 1) runs.push(first, last);
  else if (last > previous) runs[end] = last;
}
