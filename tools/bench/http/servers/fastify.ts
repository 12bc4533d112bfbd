import type { AddressInfo } from "node:net";
import fastify from "fastify";
import { serve } from "../../child.js";
import { refreshSchema, reportSchema } from "../messages.js";

/** Fastify with JSON Schema for the body and for the answer: the framework that also compiles its validators ahead. */
const app = fastify();
app.put(
  "/pams/:nid/peer/:pid/",
  { schema: { body: reportSchema, response: { 200: reportSchema } } },
  (request) => request.body,
);
app.put("/peer", { schema: { body: refreshSchema, response: { 200: refreshSchema } } }, (request) => request.body);
await app.listen({ port: 0, host: "127.0.0.1" });
serve((app.server.address() as AddressInfo).port, () => app.server.closeAllConnections());
