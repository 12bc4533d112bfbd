import { createServer } from "coap";
import { serve } from "../../child.js";

/** The nearest protocol with an npm package: CoAP, answering a confirmable GET with a piggybacked empty 2.05. */
const server = createServer((_request, response) => response.end());
const port = 20_000 + (process.pid % 20_000);
server.listen(port, "127.0.0.1", () => serve(port, () => void server.close()));
