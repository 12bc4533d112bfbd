import { describe, expect, test } from "vitest";
import { Code, PayloadType } from "../../generated/ldmp/index.js";
import type { DataSourceCore, DataSourceEffect } from "../data-source/core-types.js";
import type { SourcePeerCore, SourcePeerEffect } from "../source-peer/core-types.js";
import { textOf, textPayload } from "./payload.js";
import type { Remote } from "./remote.js";
import { dataSourceCore, seeded, seededRandom, sourcePeerAt, sourcePeerCore } from "./test/support.js";

/** How a link treats what is sent over it. */
interface Weather {
  readonly loss: number;
  readonly duplication: number;
  /** Longest delay in ms; what is sent later may overtake what was sent before. */
  readonly delay: number;
}

interface Flying {
  readonly at: number;
  readonly order: number;
  readonly to: Remote;
  readonly from: Remote;
  readonly bytes: Uint8Array;
}

/** One source peer and several data sources on a simulated network with its own clock. */
function network(seed: number, count: number) {
  const chance = seeded(seed);
  let weather: Weather = { loss: 0, duplication: 0, delay: 5 };
  let now = 0;
  let order = 0;
  const flying: Flying[] = [];
  const peer = sourcePeerCore({ random: seededRandom(seed) });
  const sources: { core: DataSourceCore; at: Remote; down: boolean; gets: number[] }[] = [];
  const posted: string[] = [];
  const outcomes = new Map<number, string[]>();

  const send = (from: Remote, to: Remote, bytes: Uint8Array): void => {
    const copies = (chance() < weather.loss ? 0 : 1) + (chance() < weather.duplication ? 1 : 0);
    for (let i = 0; i < copies; i++) {
      flying.push({ at: now + 1 + chance() * weather.delay, order: order++, to, from, bytes });
    }
  };
  const performPeer = (effects: SourcePeerEffect[]): void => {
    for (const effect of effects) {
      if (effect.kind === "send") send(sourcePeerAt, effect.to, effect.bytes);
      else if (effect.kind === "data") posted.push(`${effect.data.sourceId}:${textOf(effect.data.payload)}`);
      else if (effect.kind === "settled") {
        const { token, outcome } = effect;
        const text = outcome.kind === "reply" ? textOf(outcome.payload ?? new Uint8Array(0)) : outcome.kind;
        outcomes.set(token, [...(outcomes.get(token) ?? []), text]);
      }
    }
  };
  const performSource = (index: number, effects: DataSourceEffect[]): void => {
    const source = sources[index];
    if (source === undefined) return;
    for (const effect of effects) {
      if (effect.kind === "send") send(source.at, effect.to, effect.bytes);
      else if (effect.kind === "connect")
        performSource(index, source.core.step({ type: "connected", remote: sourcePeerAt }, now));
      else if (effect.kind === "get") {
        source.gets.push(Number(effect.item));
        const answer = { payloadType: PayloadType.text, payload: textPayload(`${source.at.port}:${effect.item}`) };
        performSource(
          index,
          source.core.step({ type: "answer", token: effect.token, code: Code.content, ...answer }, now),
        );
      }
    }
  };
  for (let i = 0; i < count; i++) {
    const core = dataSourceCore({ id: 100 + i, random: seededRandom(seed * 1000 + i) });
    sources.push({ core, at: { address: "192.0.2.9", port: 100 + i }, down: false, gets: [] });
  }

  /** Lets time pass up to `until`, event by event. */
  const pass = (until: number): void => {
    for (;;) {
      flying.sort((a, b) => a.at - b.at || a.order - b.order);
      const timers = sources.map(({ core, down }) => (down ? Number.POSITIVE_INFINITY : core.nextTimer()));
      const next = Math.min(flying[0]?.at ?? Number.POSITIVE_INFINITY, peer.nextTimer(), ...timers);
      if (next > until) break;
      now = Math.max(now, next);
      const arrived = flying[0];
      if (arrived !== undefined && arrived.at <= now) {
        flying.shift();
        const datagram = { type: "datagram", from: arrived.from, bytes: arrived.bytes } as const;
        if (arrived.to.port === sourcePeerAt.port) performPeer(peer.step(datagram, now));
        const index = sources.findIndex(({ at, down }) => !down && at.port === arrived.to.port);
        if (index >= 0) performSource(index, (sources[index] as { core: DataSourceCore }).core.step(datagram, now));
        continue;
      }
      performPeer(peer.step({ type: "timer" }, now));
      for (const [index, { core, down }] of sources.entries()) {
        if (!down && core.nextTimer() <= now) performSource(index, core.step({ type: "timer" }, now));
      }
    }
    now = until;
  };

  return {
    peer: peer as SourcePeerCore,
    sources,
    posted,
    outcomes,
    pass,
    get now() {
      return now;
    },
    weather(given: Weather) {
      weather = given;
    },
    start: () => {
      for (const [index, { core }] of sources.entries()) performSource(index, core.step({ type: "start" }, now));
    },
    post: (index: number, text: string) => {
      const event = { type: "post", payloadType: PayloadType.text, payload: textPayload(text) } as const;
      performSource(index, (sources[index] as { core: DataSourceCore }).core.step(event, now));
    },
    get: (index: number, token: number) => {
      const form = { payloadType: PayloadType.text, payload: textPayload(String(token)) };
      performPeer(peer.step({ type: "request", token, sourceId: 100 + index, code: Code.get, ...form }, now));
    },
  };
}

describe.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])("a link that loses, doubles and reorders, seed %d", (seed) => {
  test("readings count at most once, GETs are carried out once and settled once, and calm heals everything", () => {
    const net = network(seed, 4);
    const chance = seeded(seed + 99);
    net.weather({ loss: 0.3, duplication: 0.3, delay: 3000 });
    net.start();
    const sentReadings = new Set<string>();
    let token = 0;
    for (let round = 0; round < 150; round++) {
      const index = Math.floor(chance() * 4);
      if (chance() < 0.7) {
        const text = `${round}`;
        if (net.sources[index]?.core.phase === "registered") sentReadings.add(`${100 + index}:${text}`);
        net.post(index, text);
      } else net.get(index, ++token);
      net.pass(net.now + chance() * 8000);
      expect(net.peer.size).toBeLessThanOrEqual(4);
    }
    net.weather({ loss: 0, duplication: 0, delay: 5 });
    net.pass(net.now + 300_000);

    expect(net.posted.length).toBe(new Set(net.posted).size);
    expect(net.posted.filter((reading) => !sentReadings.has(reading))).toEqual([]);
    for (let asked = 1; asked <= token; asked++) expect(net.outcomes.get(asked)).toHaveLength(1);
    for (const { at, gets } of net.sources) {
      expect(gets.length).toBe(new Set(gets).size);
      for (const item of gets) {
        const [outcome] = net.outcomes.get(item) ?? [];
        // Carried out and answered, whether or not the answer got through: never another one's answer.
        expect([`${at.port}:${item}`, "no-answer", "removed"]).toContain(outcome);
      }
    }
    expect(net.sources.map(({ core }) => core.phase)).toEqual(Array(4).fill("registered"));
    expect([...net.peer.sources()].map(({ id }) => id).sort()).toEqual([100, 101, 102, 103]);
    expect(net.peer.counters.duplicates).toBeGreaterThan(0);
  });

  test("a data source that dies is removed, and one cut off comes back by itself", () => {
    const net = network(seed, 2);
    net.start();
    net.pass(1000);
    expect(net.peer.size).toBe(2);
    const [dead] = net.sources;
    if (dead !== undefined) dead.down = true;
    net.pass(1000 + 60_000 + 40_000 + 10_000);
    expect([...net.peer.sources()].map(({ id }) => id)).toEqual([101]);

    net.weather({ loss: 1, duplication: 0, delay: 5 });
    net.pass(net.now + 600_000);
    expect(net.peer.size).toBe(0);
    expect(net.sources[1]?.core.phase).not.toBe("registered");
    net.weather({ loss: 0, duplication: 0, delay: 5 });
    net.pass(net.now + 120_000);
    expect([...net.peer.sources()].map(({ id }) => id)).toEqual([101]);
    expect(net.sources[1]?.core.phase).toBe("registered");
  });
});
