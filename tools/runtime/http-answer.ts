/** The second half of an exchange: the handler, the check of what it returned, the answer. */
import { breakOff, type Endpoint, type Exchange, fail, PROBLEM_TYPE, refuseStranger, send } from "./http-exchange.js";
import type { OperationResponse } from "./http-operation.js";
import type { HandlerRequest, HandlerResult, MaybePromise } from "./http-server-types.js";
import { isProblemDetails } from "./problem.js";
import { describeIssues } from "./validation.js";

/** 5. Do it. */
export function handle(exchange: Exchange, input: HandlerRequest) {
  let result: MaybePromise<HandlerResult>;
  try {
    result = (exchange.endpoint as Endpoint).handle(input, exchange);
  } catch (error) {
    return fail(exchange, "ERR_HANDLER", "the handler threw", error);
  }
  if (!isPromise(result)) return answer(exchange, result);
  result.then(
    (late) => answer(exchange, late),
    (error: unknown) => {
      const { cutOff } = exchange;
      if (cutOff !== undefined && error === cutOff) breakOff(exchange, cutOff);
      else fail(exchange, "ERR_HANDLER", "the handler rejected", error);
    },
  );
}

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | undefined)?.then === "function";
}

/** 6. Say so, unless the spec does not know such an answer. */
function answer(exchange: Exchange, result: HandlerResult) {
  const { responses, operation } = exchange.endpoint as Endpoint;
  try {
    const { status, body, headers } = result;
    const declared = responses.get(status);
    if (exchange.settings.validateResponses) {
      const fault = resultFault(exchange.endpoint as Endpoint, declared, result);
      if (fault !== undefined) return fail(exchange, "ERR_HANDLER_RESULT", `${operation.id} ${status}: ${fault}`);
    }
    if (body === undefined && status === 401) return refuseStranger(exchange, headers);
    if (body === undefined) return send(exchange, status, undefined, "", headers);
    const type = declared?.body?.contentType ?? PROBLEM_TYPE;
    send(exchange, status, JSON.stringify(body), type, headers);
  } catch (error) {
    fail(exchange, "ERR_HANDLER_RESULT", `${operation.id}: what the handler returned cannot be sent`, error);
  }
}

function resultFault(
  { otherProblems }: Endpoint,
  declared: OperationResponse | undefined,
  { status, body }: HandlerResult,
): string | undefined {
  if (declared === undefined) {
    if (!otherProblems || !(status >= 400 && status <= 599)) return "the status is not declared";
    return isProblemDetails(body) ? undefined : "an undeclared failure needs problem details";
  }
  if (declared.body === undefined) return body === undefined ? undefined : "this status has no body";
  if (body === undefined) return declared.mayBeEmpty ? undefined : "the body is missing";
  const issues = declared.body.validate(body);
  return issues === undefined ? undefined : describeIssues(issues);
}
