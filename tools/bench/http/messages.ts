/** What the HTTP contenders exchange: a report (X.609.1 9.2.5) and a refresh (Q.4103 6.2.7) as real entities send them. */

export const peers = 1000;

/** Sets all peers up, a few at a time. */
export async function forEachPeer(act: (index: number) => Promise<unknown>): Promise<void> {
  const atATime = 50;
  for (let first = 0; first < peers; first += atATime) {
    await Promise.all(Array.from({ length: atATime }, (_, offset) => act(first + offset)));
  }
}

export const reportBody = (index: number) => ({
  peer_status: {
    dynamic_status: {
      overlay_event: "STARTED",
      uploaded: String(1000 + index),
      downloaded: String(5000 + index),
      left: "50000",
      fragment_list: { num_of_fragment: 1000, fragment_size: 100, fragment: [101, 105, 108] },
      fragment_range: { start_fragment_id: 0, end_fragment_id: 99 },
      num_upload_connection: 10,
      num_download_connection: 10,
    },
  },
});

export const refreshBody = (overlayId: string, index: number) => ({
  overlay: { "overlay-id": overlayId, expires: 3600 },
  peer: {
    "peer-id": `peer-${index}`,
    address: `tcp://192.0.2.1:${10_000 + index}`,
    auth: { password: `secret${index}` },
  },
});

const string = { type: "string", maxLength: 256 } as const;
const integer = { type: "integer", minimum: 0 } as const;

export const reportSchema = {
  type: "object",
  required: ["peer_status"],
  properties: {
    peer_status: {
      type: "object",
      properties: {
        dynamic_status: {
          type: "object",
          properties: {
            overlay_event: { enum: ["STARTED", "STOPPED", "COMPLETED"] },
            uploaded: string,
            downloaded: string,
            left: string,
            fragment_list: {
              type: "object",
              properties: {
                num_of_fragment: integer,
                fragment_size: integer,
                fragment: { type: "array", items: integer },
              },
            },
            fragment_range: { type: "object", properties: { start_fragment_id: integer, end_fragment_id: integer } },
            num_upload_connection: integer,
            num_download_connection: integer,
          },
        },
      },
    },
  },
} as const;

export const refreshSchema = {
  type: "object",
  required: ["overlay", "peer"],
  properties: {
    overlay: { type: "object", required: ["overlay-id"], properties: { "overlay-id": string, expires: integer } },
    peer: {
      type: "object",
      required: ["peer-id", "address", "auth"],
      properties: {
        "peer-id": string,
        address: string,
        auth: { type: "object", required: ["password"], properties: { password: string } },
      },
    },
  },
} as const;
