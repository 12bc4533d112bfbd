import type { AddressInfo } from "node:net";
import express from "express";
import { serve } from "../../child.js";

/** Express as its guide shows it: `express.json()`, a route, `res.json()`. */
const app = express();
app.use(express.json());
app.put("/pams/:nid/peer/:pid/", (request, response) => void response.json(request.body));
app.put("/peer", (request, response) => void response.json(request.body));
const server = app.listen(0, "127.0.0.1", () =>
  serve((server.address() as AddressInfo).port, () => server.closeAllConnections()),
);
