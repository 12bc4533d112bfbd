import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RateMeter, TokenBucket } from "./meters.js";

describe("a token bucket", () => {
  test("lets no more through in any interval than rate, burst and one message", () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 500 })), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(gaps, (messages) => {
        const bucket = new TokenBucket(1_000, 800, 0);
        const sent: { readonly at: number; readonly octets: number }[] = [];
        let now = 0;
        for (const [gap, octets] of messages) {
          now += gap;
          if (!bucket.ready(now)) continue;
          bucket.take(octets);
          sent.push({ at: now, octets });
        }
        for (let from = 0; from < sent.length; from++) {
          let sum = 0;
          for (let to = from; to < sent.length; to++) {
            sum += sent[to]?.octets ?? 0;
            const ms = (sent[to]?.at ?? 0) - (sent[from]?.at ?? 0);
            expect(sum).toBeLessThanOrEqual(ms + 800 + 500);
          }
        }
      }),
    );
  });

  test("says when it is ready again", () => {
    const bucket = new TokenBucket(100, 10, 0);
    bucket.take(30);
    expect(bucket.ready(0)).toBe(false);
    const at = bucket.readyAt(0);
    expect(at).toBeCloseTo(200);
    expect(bucket.ready(199)).toBe(false);
    expect(bucket.ready(at)).toBe(true);
    bucket.giveBack(1_000);
    bucket.take(10);
    expect(bucket.ready(200)).toBe(true);
    bucket.take(1);
    bucket.set(0, 10, 200);
    expect(bucket.readyAt(200)).toBe(Number.POSITIVE_INFINITY);
  });
});

test("a meter forgets what was long ago", () => {
  const meter = new RateMeter();
  for (let now = 0; now < 30_000; now += 10) meter.add(100, now);
  expect(meter.rate(30_000)).toBeGreaterThan(9_500);
  expect(meter.rate(30_000)).toBeLessThan(10_500);
  expect(meter.rate(90_000)).toBeLessThan(1);
  expect(meter.total).toBe(300_000);
});
