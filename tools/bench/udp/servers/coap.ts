import { createServer } from "coap";
import { serve } from "../../child.js";

/** The nearest protocol with an npm package: CoAP, answering a confirmable POST with a piggybacked 2.04. */
const server = createServer((_request, response) => {
  response.code = "2.04";
  response.end();
});
const port = 20_000 + (process.pid % 20_000);
server.listen(port, "127.0.0.1", () => serve(port, () => void server.close()));
