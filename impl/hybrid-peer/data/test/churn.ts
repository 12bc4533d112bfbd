import fc from "fast-check";
import { expect } from "vitest";
import type { CoreSettings } from "../../core/settings.js";
import { type Connection, Network, type Node, type WireOptions } from "./network.js";

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("publish" as const),
      node: fc.nat(),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("run" as const), ms: fc.integer({ min: 1, max: 400 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("move" as const),
      node: fc.nat(),
      to: fc.nat(),
      noticeMs: fc.integer({ min: 0, max: 300 }),
      pauseMs: fc.integer({ min: 0, max: 300 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("repeat" as const), node: fc.nat(), pick: fc.nat() }) },
);

const plan = fc.record({
  peers: fc.integer({ min: 2, max: 6 }),
  steps: fc.array(step, { minLength: 5, maxLength: 40 }),
  delays: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 }),
  rate: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Plan {
  readonly peers: number;
  readonly steps: readonly Step[];
  readonly delays: readonly number[];
  readonly rate: number | undefined;
}

/** A tree whose peers move below any older one while all publish, and messages come again; everyone is attached in the end. */
function play(
  { peers, steps, delays, rate }: Plan,
  recoveryBy: "push" | "pull",
  order: CoreSettings["order"],
): readonly Node[] {
  const network = new Network({ recoveryBy }, { order, maxFramePayload: 12 });
  const { world, nodes } = network;
  let turn = 0;
  const wire: WireOptions = {
    delay: () => delays[turn++ % delays.length] as number,
    ...(rate !== undefined && { rate }),
  };
  const up = new Map<Node, Connection>();
  const attach = (child: Node, to: number): void => {
    const older = nodes.slice(0, nodes.indexOf(child));
    up.set(child, network.attach(child, older[to % older.length] as Node, wire));
  };
  for (let i = 0; i < peers; i++) {
    const node = network.node();
    if (i > 0) attach(node, 0);
  }
  for (const one of steps) {
    const node = "node" in one ? (nodes[one.node % peers] as Node) : undefined;
    if (one.kind === "run") world.run(one.ms);
    else if (one.kind === "publish") for (let i = 0; i < one.count; i++) node?.publish("m".repeat(1 + ((i * 7) % 30)));
    else if (one.kind === "repeat") {
      // A neighbour sends something again that was delivered here before.
      const again = node?.delivered[one.pick % Math.max(1, node.delivered.length)];
      const path = node?.primaries[0];
      if (again !== undefined && path !== undefined) {
        node?.data.received(path, { code: 6, ack: false, candidatePath: false, data: again });
      }
    } else if (node !== undefined && node !== nodes[0]) {
      const connection = up.get(node);
      if (connection === undefined) continue;
      up.delete(node);
      network.cut(connection, () => one.noticeMs);
      world.after(one.noticeMs + one.pauseMs + 1, () => attach(node, one.to));
    }
  }
  world.run(60_000);
  return nodes;
}

/** Everything reaches everyone exactly once, in order of arrival. */
export function everythingArrives(recoveryBy: "push" | "pull", numRuns: number): void {
  fc.assert(
    fc.property(plan, (one) => {
      const nodes = play(one, recoveryBy, "arrival");
      for (const node of nodes) {
        for (const source of nodes) {
          const wanted = source === node ? [] : source.published;
          expect(
            node.sequences(source.id).sort((a, b) => a - b),
            `${source.id} at ${node.id}`,
          ).toEqual(wanted);
        }
        expect(node.news.filter(({ kind }) => kind === "data-lost")).toEqual([]);
      }
    }),
    { numRuns },
  );
}

/** Everything after the first contact is delivered once and in its order. */
export function orderIsKept(recoveryBy: "push" | "pull", numRuns: number): void {
  fc.assert(
    fc.property(plan, (one) => {
      const nodes = play(one, recoveryBy, "source");
      for (const node of nodes) {
        for (const source of nodes) {
          if (source === node) continue;
          const got = node.sequences(source.id);
          const { published } = source;
          expect(got, `${source.id} at ${node.id}`).toEqual(published.slice(published.length - got.length));
          expect(got.length > 0 || published.length === 0).toBe(true);
        }
      }
    }),
    { numRuns },
  );
}
