import type { LdmpMessage, StreamDecoder } from "../../generated/ldmp/index.js";
import { Code, codeName, createDecoder, decode, LdmpError } from "../../generated/ldmp/index.js";
import type { Dialect } from "./ldmp-dialect.js";
import { wantsAnswer } from "./ldmp-dialect.js";
import { SuiteError } from "./outcome.js";

const listed: readonly number[] = Object.values(Code);

/**
 * Holds the suite to the specification too: what it sends has to be sound by the generated codec, and its codes, T and R those of clause 8.
 * What is wrong on purpose goes over a link that says so (`hostile: true`) and is not checked.
 *
 * @throws SuiteError
 */
export function ownOctets(protocol: "udp" | "tcp", dialect: Dialect): (octets: Uint8Array, ownId: number) => void {
  let stream: StreamDecoder<LdmpMessage> | undefined;
  const read = (octets: Uint8Array): LdmpMessage[] => {
    const layout = dialect.layout ?? "A";
    if (protocol === "udp") return [decode(octets, { layout })];
    stream ??= createDecoder({
      layout,
      onInvalid: (fault) => {
        throw fault;
      },
    });
    return [...stream.push(octets)];
  };
  return (octets, ownId) => {
    let messages: LdmpMessage[];
    try {
      messages = read(octets);
    } catch (error) {
      throw error instanceof LdmpError ? unsound(error.message) : error;
    }
    for (const { code, type, reserved, sourceId } of messages) {
      if (!listed.includes(code)) throw unsound(`${codeName(code)} is in no table`);
      const fits = wantsAnswer(code) === undefined ? type === 2 : type < 2;
      if (!fits) throw unsound(`T is ${type} in ${codeName(code)}`);
      if (reserved !== 0) throw unsound(`R is ${reserved}`);
      if (sourceId !== ownId) throw unsound(`Source ID is ${sourceId}, which is not that of the link (${ownId})`);
    }
  };
}

function unsound(why: string): SuiteError {
  return new SuiteError(
    `a message of the suite's own is not as specified: ${why}; what is meant so needs hostile: true`,
  );
}
