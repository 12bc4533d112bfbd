import { hompOperations } from "../../../generated/homp/operations.js";
import type { HompHandlers } from "../../../generated/homp/server.js";
import type {
  HybridOverlayJoinResponse,
  HybridOverlayQueryResponse,
  HybridOverlayRefreshResponse,
} from "../../../generated/homp/types.js";
import type { Operation } from "../../../generated/runtime/http-operation.js";
import { createListener } from "../../../generated/runtime/http-server.js";
import type {
  HandlerRequest,
  HandlerResult,
  Listener,
  MaybePromise,
  RequestContext,
  ServerOptions,
} from "../../../generated/runtime/http-server-types.js";
import type { Homs } from "../homs.js";
import { joinAnswer, queryAnswer, refreshAnswer } from "./answers.js";
import { dialectOf, type FieldDialect } from "./dialect.js";
import { toText } from "./requests.js";

type Handler = (request: HandlerRequest, context: RequestContext) => MaybePromise<HandlerResult>;

/**
 * The generated listener with these dialects beside the text's form: what comes in a dialect is brought to the text's form before the
 * readers and validators of the spec get it, and answered in the dialect after the validators have seen the answer.
 */
export function createDialectListener(
  homs: Homs,
  dialects: readonly FieldDialect[],
  options: ServerOptions = {},
): Listener {
  const enabled = new Set(dialects);
  /** By the body that the handler gets. */
  const recognised = new WeakMap<object, FieldDialect>();
  const answered = new WeakSet<object>();

  const operations = Object.values(hompOperations).map((operation) => withDialects(operation));
  function withDialects(operation: Operation): Operation {
    const { request, responses } = operation;
    return {
      ...operation,
      request: request && {
        ...request,
        read(body, context) {
          const dialect = dialectOf(operation.id, body, context.query, enabled);
          if (dialect !== undefined) toText(operation.id, body, context.query, dialect);
          const read = request.read(body, context);
          if (dialect !== undefined && typeof read === "object" && read !== null) recognised.set(read, dialect);
          return read;
        },
      },
      responses: responses.map((response) => {
        const { body } = response;
        if (response.status !== 200 || body === undefined) return response;
        const validate = (value: unknown) => (answered.has(value as object) ? undefined : body.validate(value));
        return { ...response, body: { ...body, validate } };
      }),
    };
  }

  const answer = (operation: Operation, result: HandlerResult, dialect: FieldDialect | undefined): HandlerResult => {
    const { status, body } = result;
    if (status !== 200) return result;
    const translated = translate(operation.id, body, dialect);
    // What the text's form does not allow stays as it is, and fails where all answers are checked.
    if (translated === undefined || successOf(operation)?.validate(body) !== undefined) return result;
    answered.add(translated);
    return { ...result, body: translated };
  };

  const handlers: Record<string, Handler> = {};
  for (const operation of operations) {
    handlers[operation.id] = (request, context) => {
      const { body } = request;
      const dialect = typeof body === "object" && body !== null ? recognised.get(body) : undefined;
      const handle = homs.handlersFor(dialect)[operation.id as keyof HompHandlers] as Handler;
      const result = handle(request, context);
      return result instanceof Promise
        ? result.then((late) => answer(operation, late, dialect))
        : answer(operation, result, dialect);
    };
  }
  return createListener(operations, handlers, options);
}

const successOf = ({ id }: Operation) =>
  hompOperations[id as keyof typeof hompOperations].responses.find(({ status }) => status === 200)?.body;

/** The answer in the dialect; undefined where it is the text's. */
function translate(operation: string, body: unknown, dialect: FieldDialect | undefined): object | undefined {
  if (operation === "HybridOverlayQuery") return queryAnswer(body as HybridOverlayQueryResponse);
  if (dialect === undefined) return undefined;
  if (operation === "HybridOverlayJoin") return joinAnswer(body as HybridOverlayJoinResponse, dialect);
  if (operation === "HybridOverlayRefresh") return refreshAnswer(body as HybridOverlayRefreshResponse, dialect);
  return undefined;
}
