import type { Socket } from "node:net";

/** From here on a copy costs more than a piece of its own in the system call. */
const COPIED_BELOW = 16 * 1024;
const ROOM = 256 * 1024;

let room: Buffer | undefined;
let free = 0;

/**
 * Hands all chunks to the socket in one system call where it takes them. Small ones are copied side by side: that is cheaper than a
 * piece each, and does not keep alive whatever larger buffer they are part of.
 */
export function writeGathered(socket: Socket, chunks: readonly Uint8Array[]): void {
  if (chunks.length === 1) {
    socket.write(chunks[0] as Uint8Array);
    return;
  }
  socket.cork();
  let here = room ?? Buffer.allocUnsafeSlow(ROOM);
  const first = here;
  const start = room === undefined ? 0 : free;
  let from = start;
  let at = start;
  for (const chunk of chunks) {
    const small = chunk.length < COPIED_BELOW;
    if ((!small || at + chunk.length > ROOM) && at > from) {
      socket.write(here.subarray(from, at));
      from = at;
    }
    if (!small) {
      socket.write(chunk);
      continue;
    }
    if (at + chunk.length > ROOM) {
      here = Buffer.allocUnsafeSlow(ROOM);
      from = 0;
      at = 0;
    }
    here.set(chunk, at);
    at += chunk.length;
  }
  if (at > from) socket.write(here.subarray(from, at));
  socket.uncork();
  room = here;
  // Nothing left waiting: the system has copied it all, and the room is free again.
  if (socket.writableLength === 0) free = here === first ? start : 0;
  else free = at;
}
