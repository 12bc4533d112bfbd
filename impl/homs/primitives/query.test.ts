import { describe, expect, test } from "vitest";
import { closed, Harness } from "../test/harness.js";

async function withOverlays(h: Harness): Promise<string[]> {
  const ids: string[] = [];
  for (const [title, description] of [
    ["Weather north", "rain"],
    ["weather", "Wind and Rain"],
    ["Traffic 100%", "cars_and_bikes"],
  ]) {
    ids.push(await h.overlay({ title, description }));
    h.clock.advance(1);
  }
  return ids;
}

describe("HybridOverlayQuery [6.2.2]", () => {
  test.each([
    ["no parameter: all, the newest first", {}, ["Traffic 100%", "weather", "Weather north"]],
    ["title in any case, the exact one first", { title: "weather" }, ["weather", "Weather north"]],
    ["title, part of it", { title: "NORTH" }, ["Weather north"]],
    ["description", { description: "rain" }, ["weather", "Weather north"]],
    ["both: those that satisfy both", { title: "weather", description: "wind" }, ["weather"]],
    ["wildcards of databases are letters like others", { title: "%" }, ["Traffic 100%"]],
    ["the same for underscores", { description: "s_and" }, ["Traffic 100%"]],
    ["an empty keyword asks nothing", { title: "" }, ["Traffic 100%", "weather", "Weather north"]],
    ["no match", { title: "sports" }, []],
    ["an overlay-id that nobody has", { "overlay-id": "x" }, []],
  ])("%s", async (_, parameters, titles) => {
    const h = new Harness();
    await withOverlays(h);
    expect((await h.query(parameters)).status).toBe(200);
    expect(await h.titles(parameters)).toEqual(titles);
  });

  test("overlay-id finds exactly one, and keywords still have to match", async () => {
    const h = new Harness();
    const [id = ""] = await withOverlays(h);
    expect(await h.titles({ "overlay-id": id })).toEqual(["Weather north"]);
    expect(await h.titles({ "overlay-id": id.slice(0, -1) })).toEqual([]);
    expect(await h.titles({ "overlay-id": id.toUpperCase() })).toEqual([]);
    expect(await h.titles({ "overlay-id": id, title: "north" })).toEqual(["Weather north"]);
    expect(await h.titles({ "overlay-id": id, title: "south" })).toEqual([]);
  });

  test("an entry has what Table 6-12 asks for, and of auth the type alone", async () => {
    const h = new Harness();
    const id = await h.overlay({ ...closed({ access_key: "key-secret", peerlist: ["listed"] }), expires: 100 });
    await h.join(id, "a", { auth: { access_key: "key-secret" } });
    h.clock.advance(30_500);
    const { body } = await h.query({ "overlay-id": id });
    expect(body).toEqual({
      overlay: [
        {
          "overlay-id": id,
          title: "Weather of the town",
          type: "core",
          "sub-type": "tree",
          "owner-id": "owner",
          expires: 70,
          status: { num_peers: 1, status: "active" },
          description: "Rain and wind, as measured",
          "heartbeat-interval": 10,
          "heartbeat-timeout": 31,
          auth: { type: "closed" },
        },
      ],
    });
  });

  test("readings: letters' case, 404 for no match, closed overlays hidden but found by id", async () => {
    const exact = new Harness({ readings: { keywords: "exact-case" } });
    await withOverlays(exact);
    expect(await exact.titles({ title: "Weather" })).toEqual(["Weather north"]);

    const missing = new Harness({ readings: { noMatch: "not-found" } });
    expect((await missing.query({ title: "x" })).status).toBe(404);
    expect((await missing.query({ "overlay-id": "x" })).status).toBe(404);
    expect((await missing.query()).status).toBe(200);

    const hiding = new Harness({ readings: { closedOverlays: "hidden" } });
    const id = await hiding.overlay({ title: "secret club", ...closed({ peerlist: ["a"] }) });
    expect(await hiding.titles()).toEqual([]);
    expect(await hiding.titles({ title: "club" })).toEqual([]);
    expect(await hiding.titles({ "overlay-id": id })).toEqual(["secret club"]);
  });

  test("an answer is bounded, the newest win", async () => {
    const h = new Harness({ limits: { queryAnswer: 2 } });
    await withOverlays(h);
    expect(await h.titles()).toEqual(["Traffic 100%", "weather"]);
  });
});
