/**
 * SHA-256 [FIPS 180-4] of what fits into one block, in JavaScript. For a text this short the way into OpenSSL and back costs
 * more than the digest itself: a fifteenth of a whole refresh. Constant in time for a given length, as SHA-256 is by nature.
 */

/** Characters that leave room for the end mark and the length in a block of 64 octets. */
export const blockCharacters = 55;

const roundConstants = new Int32Array(64);
const initial = new Int32Array(8);
const schedule = new Int32Array(64);

// The first 32 bits of the fractions of the cube roots of the first 64 primes, and of the square roots of the first 8.
for (let candidate = 2, count = 0; count < 64; candidate++) {
  if (!isPrime(candidate)) continue;
  roundConstants[count] = fraction(Math.cbrt(candidate));
  if (count < 8) initial[count] = fraction(Math.sqrt(candidate));
  count++;
}

/**
 * Writes the digest of an ASCII text as eight big-endian words.
 *
 * @returns false, with nothing written, when the text is longer than {@link blockCharacters} or not ASCII
 */
export function digestBlock(text: string, digest: Int32Array): boolean {
  const { length } = text;
  if (length > blockCharacters) return false;
  const w = schedule;
  w.fill(0, 0, 16);
  let seen = 0;
  for (let i = 0; i < length; i++) {
    const octet = text.charCodeAt(i);
    seen |= octet;
    w[i >> 2] = at(w, i >> 2) | (octet << (24 - ((i & 3) << 3)));
  }
  if (seen > 0x7f) return false;
  w[length >> 2] = at(w, length >> 2) | (0x80 << (24 - ((length & 3) << 3)));
  w[15] = length << 3;
  compress(w, digest);
  return true;
}

/** FIPS 180-4 6.2.2, from the initial hash value. */
function compress(w: Int32Array, digest: Int32Array): void {
  // 1. The message schedule.
  for (let t = 16; t < 64; t++) {
    const x = at(w, t - 15);
    const y = at(w, t - 2);
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
    w[t] = (s1 + at(w, t - 7) + s0 + at(w, t - 16)) | 0;
  }
  // 2. The working variables, 3. sixty-four rounds.
  let a = at(initial, 0);
  let b = at(initial, 1);
  let c = at(initial, 2);
  let d = at(initial, 3);
  let e = at(initial, 4);
  let f = at(initial, 5);
  let g = at(initial, 6);
  let h = at(initial, 7);
  for (let t = 0; t < 64; t++) {
    const t1 =
      (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (g ^ (e & (f ^ g))) + at(roundConstants, t) + at(w, t)) | 0;
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  // 4. The digest.
  digest[0] = at(initial, 0) + a;
  digest[1] = at(initial, 1) + b;
  digest[2] = at(initial, 2) + c;
  digest[3] = at(initial, 3) + d;
  digest[4] = at(initial, 4) + e;
  digest[5] = at(initial, 5) + f;
  digest[6] = at(initial, 6) + g;
  digest[7] = at(initial, 7) + h;
}

/** The index is always within: all arrays here have fixed lengths. */
function at(words: Int32Array, index: number): number {
  return words[index] as number;
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) return false;
  return true;
}
