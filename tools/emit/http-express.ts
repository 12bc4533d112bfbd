/** express.ts: the same server as a router for anybody's Express app, and as a front before one. */
import type { OpenApiEmitter } from "./emitter.js";
import { factoryName } from "./http-names.js";

export const expressEmitter: OpenApiEmitter = {
  name: "http-express",
  emit(protocol, context) {
    if (protocol.operations.length === 0) return [];
    const { source, hash, document, clauses } = protocol;
    const printer = context.printer({ source, hash, clauses: `${document} ${clauses}` });
    const handlers = printer.import(`${protocol.prefix}Handlers`, "./server.js", { type: true });
    const listener = printer.import(factoryName(protocol, "Listener"), "./server.js");
    printer.import("Server", "node:http", { type: true });
    printer.import("Router", "express");
    printer.import("createFrontServer", "../runtime/http-front.js");
    printer.import("FrontOptions", "../runtime/http-front.js", { type: true });
    printer.import("ServerOptions", "../runtime/http-server-types.js", { type: true });

    const streams = protocol.operations.some(({ requestBody }) => requestBody?.octets === true);
    const front = streams ? "{ ...options, streams: true }" : "options";
    printer.jsDoc({
      text: "A router to mount in an Express app, at any path, with or without `express.json()` before it. Paths that the primitives do not have go on to the app's next handler.",
      tags: ["", "@throws TypeError when a handler is missing"],
    });
    printer.block(
      `export function ${factoryName(protocol, "Router")}(handlers: ${handlers}, options: Omit<ServerOptions, "pathPrefix"> = {}): Router {`,
      () => {
        printer.print("const router = Router();");
        printer.print(`router.use(${listener}(handlers, options));`);
        printer.print("return router;");
      },
    );
    printer.print("");
    printer.jsDoc({
      text: `A server that answers the primitives without Express in between and hands every other path to \`app\`: several times as fast as the router, most of all on Node 20 and 22. Not yet listening: \`${factoryName(protocol, "Server")}(handlers, { app }).listen(port)\`.`,
      tags: ["", "@throws TypeError when a handler is missing"],
    });
    printer.block(
      `export function ${factoryName(protocol, "Server")}(handlers: ${handlers}, options: ServerOptions & FrontOptions = {}): Server {`,
      () => printer.print(`return createFrontServer(${listener}(handlers, options), ${front});`),
    );
    return [{ path: `${protocol.name}/express.ts`, content: printer.toString() }];
  },
};
