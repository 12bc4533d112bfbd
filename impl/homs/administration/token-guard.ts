import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import { problem } from "../../../generated/runtime/problem.js";

/** Compares through a hash, so that neither the token's value nor its length shows in the time taken. */
export function tokenTest(token: string): (shown: unknown) => boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();
  const expected = digest(token);
  return (shown) => typeof shown === "string" && timingSafeEqual(digest(shown), expected);
}

/**
 * Lets pass who shows the token: as bearer token, or as the password of Basic, under any name, for browsers, which ask their user for it.
 */
export function tokenGuard(token: string): RequestHandler {
  const isToken = tokenTest(token);
  return (request, response, next) => {
    if (isToken(shownToken(request.headers.authorization ?? ""))) return next();
    response
      .status(401)
      // In lines of their own: browsers look at the first challenge of a line only.
      .set("www-authenticate", ['Bearer realm="homs"', 'Basic realm="homs", charset="UTF-8"'])
      .type("application/problem+json")
      .json(problem(401, { detail: "the administrator's view wants its token" }));
  };
}

function shownToken(authorization: string): string | undefined {
  const [, scheme = "", value = ""] = /^(Bearer|Basic) +(\S+) *$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  const pair = Buffer.from(value, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon === -1 ? undefined : pair.slice(colon + 1);
}
