import { createRequire, register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { pieceOctets } from "../content.js";
import { serveParty } from "../party.js";

/** What the bench uses of WebTorrent, which is no dependency of this project: too much for one bench. */
interface Client {
  readonly torrentPort: number;
  seed(content: Buffer, options: object, ready: (torrent: Torrent) => void): Torrent;
  add(torrentFile: Buffer, options: object): Torrent;
  on(event: "error", listener: (error: Error) => void): void;
}

interface Torrent {
  readonly torrentFile: Buffer;
  addPeer(address: string): boolean;
  on(event: "infoHash" | "ready" | "done", listener: () => void): void;
  destroy(options: object, done: () => void): void;
}

interface Ticket {
  readonly port: number;
  /** In base64. */
  readonly torrent: string;
}

const absent =
  "WebTorrent is absent: mkdir -p FOLDER && cd FOLDER && npm init -y && npm install --ignore-scripts webtorrent@2.8.5 uint8-util@2.2.6, then run with MP2P_WEBTORRENT=FOLDER";

const withoutWebRtc = `
const none = "data:text/javascript,export const RTCPeerConnection = undefined, RTCSessionDescription = undefined, RTCIceCandidate = undefined;";
export const resolve = (name, context, next) => (name === "webrtc-polyfill" ? { url: none, shortCircuit: true } : next(name, context));
`;

/** Over TCP, without trackers, DHT and discovery; pieces of the same size, verified (SHA-1) and kept in memory. */
await serveParty(async () => {
  const folder = process.env.MP2P_WEBTORRENT;
  if (!folder) return absent;
  // WebRTC, which is not measured, would want a native part that is built by an install script.
  register(`data:text/javascript,${encodeURIComponent(withoutWebRtc)}`);
  const require = createRequire(resolve(folder, "package.json"));
  const load = async (name: string): Promise<unknown> =>
    ((await import(pathToFileURL(require.resolve(name)).href)) as { default: unknown }).default;
  const WebTorrent = (await load("webtorrent")) as new (options: object) => Client;
  const store = await load("memory-chunk-store");
  const options = {
    dht: false,
    tracker: false,
    lsd: false,
    utp: false,
    utPex: false,
    natUpnp: false,
    natPmp: false,
    webSeeds: false,
  };
  const client = new WebTorrent(options);
  client.on("error", (error) => {
    throw error;
  });
  let torrent: Torrent | undefined;
  return {
    give: ({ octets, digest }) =>
      new Promise<Ticket>((ready) => {
        // Named anew each time, so that nothing of an earlier round is taken for it.
        const name = `${digest}-${performance.now()}`;
        const about = { name, announceList: [], pieceLength: pieceOctets, store };
        torrent = client.seed(octets, about, (own) => {
          ready({ port: client.torrentPort, torrent: Buffer.from(own.torrentFile).toString("base64") });
        });
      }),
    take: (from) =>
      new Promise((done) => {
        const ticket = from as Ticket;
        const own = client.add(Buffer.from(ticket.torrent, "base64"), { announce: [], store });
        torrent = own;
        own.on("done", done);
        own.on("infoHash", () => own.addPeer(`127.0.0.1:${ticket.port}`));
      }),
    forget: () => new Promise((done) => torrent?.destroy({ destroyStore: true }, done)),
  };
});
