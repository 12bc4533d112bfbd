import type { HttpMethod, Operation } from "./http-operation.js";
import { percentDecode } from "./http-url.js";

/** What a path leads to. */
export interface RouteMatch<T> {
  readonly methods: ReadonlyMap<string, Route<T>>;
  /** Path parameters in template order, still percent-encoded. */
  readonly values: readonly string[];
  readonly trailingSlash: boolean;
}

export interface Route<T> {
  readonly target: T;
  /** Names for {@link RouteMatch.values}. */
  readonly names: readonly string[];
  /** `undefined`: with or without. */
  readonly trailingSlash: boolean | undefined;
}

/** One segment of all paths: literals first, then a parameter. */
interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  parameter: Node<T> | undefined;
  readonly methods: Map<string, Route<T>>;
}

/** Finds operations by path, segment by segment. A literal segment outranks a parameter and is not reconsidered. */
export class Router<T> {
  readonly #root: Node<T> = createNode();

  /** @throws TypeError when two operations claim one method and path */
  add(method: HttpMethod, template: string, target: T, slashes: "both" | "printed"): void {
    let node = this.#root;
    const names: string[] = [];
    for (const segment of template.split("/").filter((part) => part !== "")) {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      if (name !== undefined) {
        names.push(name);
        node.parameter ??= createNode();
        node = node.parameter;
      } else {
        const next = node.literals.get(segment) ?? createNode<T>();
        node.literals.set(segment, next);
        node = next;
      }
    }
    const known = node.methods.get(method);
    if (known !== undefined && known.target !== target) {
      throw new TypeError(`two operations claim ${method} ${template}`);
    }
    const printed = template.endsWith("/");
    const either = slashes === "both" || (known !== undefined && known.trailingSlash !== printed);
    node.methods.set(method, { target, names, trailingSlash: either ? undefined : printed });
  }

  /** `path` without query, beginning with a slash. */
  match(path: string): RouteMatch<T> | undefined {
    let node = this.#root;
    const values: string[] = [];
    const end = path.length;
    let start = 1;
    while (start < end) {
      const slash = path.indexOf("/", start);
      const stop = slash === -1 ? end : slash;
      if (stop === start) return undefined;
      const segment = path.slice(start, stop);
      let next = node.literals.get(segment);
      if (next === undefined && segment.includes("%")) next = node.literals.get(percentDecode(segment) ?? "");
      if (next === undefined) {
        next = node.parameter;
        if (next === undefined) return undefined;
        values.push(segment);
      }
      node = next;
      start = stop + 1;
    }
    if (node.methods.size === 0) return undefined;
    return { methods: node.methods, values, trailingSlash: path.charCodeAt(end - 1) === 47 };
  }
}

function createNode<T>(): Node<T> {
  return { literals: new Map(), parameter: undefined, methods: new Map() };
}

/** All routes of an operation table, each leading to what `target` makes of its operation. */
export function routeOperations<T>(operations: readonly Operation[], target: (operation: Operation) => T): Router<T> {
  const router = new Router<T>();
  for (const operation of operations) {
    const goal = target(operation);
    const slashes = operation.trailingSlash ? "both" : "printed";
    router.add(operation.method, operation.path, goal, slashes);
    for (const { method, path } of operation.alternatives) router.add(method, path, goal, slashes);
  }
  return router;
}
