import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { pieceOctets } from "../content.js";
import { serveParty } from "../party.js";

/** A socket and nothing else: the octets one behind the other, hashed as they come, kept nowhere. */
await serveParty(async () => {
  let server: Server | undefined;
  return {
    async give({ octets }) {
      const own = createServer((socket) => {
        let at = 0;
        const more = (): void => {
          while (at < octets.length) {
            const piece = octets.subarray(at, at + pieceOctets);
            at += piece.length;
            if (!socket.write(piece)) return;
          }
          socket.end();
        };
        socket.on("drain", more);
        more();
      });
      server = own;
      own.listen(0, "127.0.0.1");
      await once(own, "listening");
      return (own.address() as AddressInfo).port;
    },
    async take(port, digest) {
      const hash = createHash("sha256");
      const socket = connect({ host: "127.0.0.1", port: port as number });
      socket.on("data", (chunk) => hash.update(chunk));
      await once(socket, "end");
      if (hash.digest("hex") !== digest) throw new Error("what came is not what was sent");
    },
    forget: () => void server?.close(),
  };
});
