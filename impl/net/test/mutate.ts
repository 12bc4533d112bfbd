/** A small repeatable generator (mulberry32): a number from 0 to 1. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Values that parsers, validators and stores are known to stumble over. */
const oddities: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  "",
  " ",
  "0",
  "true",
  "1e3",
  "\u0000",
  "\ud800",
  "🌲".repeat(300),
  "x".repeat(70_000),
  "__proto__",
  [],
  [[]],
  [null],
  {},
  { __proto__: null, "": {} },
  Array.from({ length: 300 }, (_, i) => i),
  Array.from({ length: 300 }, (_, i) => `p${i}`),
];

type Container = Record<string | number, unknown>;

/** Changes a few members of a JSON value in place: away, odd, doubled, renamed, deeper, swapped. */
export function mutate(value: object, random: () => number): void {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
    const places = placesIn(value);
    if (places.length === 0) return;
    const [at, key] = pick(places);
    const act = Math.floor(random() * 6);
    if (act === 0) Reflect.deleteProperty(at, key);
    else if (act === 1) at[key] = structuredClone(pick(oddities));
    else if (act === 2) at[key] = structuredClone(pick(places)[0]);
    else if (act === 3) at[key] = { [key]: at[key] };
    else if (act === 4) at[key] = [at[key], at[key]];
    else {
      const name = pick([`${key}`.toUpperCase(), `${key}`.replace(/[-_]/, "_"), `${key} `, "__proto__", "constructor"]);
      Object.defineProperty(at, name, {
        value: structuredClone(at[key]),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      if (random() < 0.5) Reflect.deleteProperty(at, key);
    }
  }
}

function placesIn(value: object, found: [Container, string][] = [], depth = 0): [Container, string][] {
  if (depth > 40 || found.length > 400) return found;
  for (const [key, member] of Object.entries(value)) {
    found.push([value as Container, key]);
    if (typeof member === "object" && member !== null) placesIn(member, found, depth + 1);
  }
  return found;
}

/** Damages a text: cut, an octet changed, a piece repeated, a bracket pile. */
export function damage(text: string, random: () => number): Buffer {
  const octets = Buffer.from(text);
  const at = Math.floor(random() * octets.length);
  switch (Math.floor(random() * 5)) {
    case 0:
      return octets.subarray(0, at);
    case 1:
      octets[at] = Math.floor(random() * 256);
      return octets;
    case 2:
      return Buffer.concat([octets, octets.subarray(at)]);
    case 3:
      return Buffer.concat([octets.subarray(0, at), Buffer.from("[".repeat(2000)), octets.subarray(at)]);
    default:
      return Buffer.from(Array.from({ length: at }, () => Math.floor(random() * 256)));
  }
}
