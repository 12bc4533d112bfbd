import { createSocket } from "node:dgram";
import { serve } from "../../child.js";

/** The limit: `node:dgram` that sends every datagram back. */
const socket = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
socket.on("message", (message, { port, address }) => socket.send(message, port, address));
socket.bind(0, "127.0.0.1", () => serve(socket.address().port, () => void socket.close()));
