import { expect, it } from "vitest";
import { createMemoryStore } from "../../store/index.js";
import type { Overlay } from "../overlay.js";
import { Registry } from "../registry.js";
import { defaultPolicy } from "../settings.js";
import { loadOf } from "./load.js";

const policy = { ...defaultPolicy, peersPerCacheServer: 10, providers: 0.1 };

function overlayOf(members: number, contentType: "FILE" | "STREAM"): Overlay {
  const registry = new Registry(createMemoryStore(), 0);
  const overlay = registry.addOverlay(
    "o",
    {
      contentType,
      fragmentSize: 1,
      sourceId: "p0",
      sourceKey: "",
      period: 1,
      createdAt: 0,
      ownerToken: "",
      closed: null,
      serviceClasses: false,
      umsSession: null,
      resources: { wanted: 0, max: 9, priority: 1 },
    },
    1,
  );
  for (let i = 0; i < members; i++) {
    registry.addMember(overlay, `p${i}`, { addresses: [], role: "peer", token: "", joinedAt: 0 }, 1);
  }
  return overlay;
}

/** A PAMS that knows so many who have everything, and so many free connections at the source peer. */
const knowing = (completed: number, free?: number) => ({
  list: async () => ({ peers: Array.from({ length: completed }, (_, i) => `p${i}`) }),
  status: async () => (free === undefined ? {} : { dynamic_status: { num_upload_connection: free } }),
});

it.each([
  ["few members", 4, "FILE", knowing(0), 0],
  ["few providers", 20, "FILE", knowing(1), 2],
  ["few providers of few members", 7, "FILE", knowing(0), 1],
  ["enough providers", 20, "FILE", knowing(2), 0],
  ["no PAMS, few members", 9, "FILE", undefined, 0],
  ["no PAMS, many members", 25, "FILE", undefined, 2],
  ["a source peer with nothing left", 25, "STREAM", knowing(0, 0), 2],
  ["a source peer with something left", 25, "STREAM", knowing(0, 3), 0],
  ["a source peer that does not say", 25, "STREAM", knowing(0), 2],
] as const)("%s ask for cache servers [X.609.10 8.8 a]", async (_, members, type, activity, count) => {
  expect(await loadOf(overlayOf(members, type), activity, policy)).toBe(count);
});
