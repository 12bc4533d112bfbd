import type { Operation } from "../../generated/runtime/http-operation.js";
import { describeIssues } from "../../generated/runtime/validation.js";
import type { OwnMessageCheck } from "./http.js";

/**
 * Holds the suite to the specification too: method and path have to be those of a primitive, as printed or by another reading,
 * and the body has to pass the generated validator. What is wrong on purpose says so (`malformed: true`) and is not checked.
 */
export function checkBy(operations: Readonly<Record<string, Operation>>): OwnMessageCheck {
  const routes = Object.values(operations).flatMap((operation) =>
    [operation, ...operation.alternatives].map(({ method, path }) => ({
      method,
      pattern: patternOf(path, operation),
      operation,
    })),
  );
  return ({ method, path, body }) => {
    const [resource = ""] = path.split("?");
    const operation = routes.find((route) => route.method === method && route.pattern.test(resource))?.operation;
    if (!operation) return [`no primitive is ${method} ${resource}`];
    if (body === undefined)
      return operation.request?.required && operation.request.absent === undefined ? ["the body is missing"] : [];
    if (!operation.request) return [`${operation.id} takes no body`];
    const issues = operation.request.validate(body);
    return issues ? [describeIssues(issues)] : [];
  };
}

function patternOf(path: string, { trailingSlash }: Operation): RegExp {
  const literal = path
    .replace(/\/$/, "")
    .split(/\{[^}]*\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/]+");
  return new RegExp(`^${literal}${trailingSlash ? "/?" : path.endsWith("/") ? "/" : ""}$`);
}
