import type { NetworkNote } from "../result.js";

/** What the network was seen to do, in one sentence: `asked again: 3 requests; came twice: 2 messages; tried again: 1 case`. */
export function describeNetwork({ askedAgain, twice, outOfOrder, triedAgain }: NetworkNote): string {
  const counted = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const parts = [
    askedAgain > 0 && `${counted(askedAgain, "request")} answered only when asked again`,
    twice > 0 && `${counted(twice, "message")} came twice`,
    outOfOrder > 0 && `${counted(outOfOrder, "message")} came out of order`,
    triedAgain.length > 0 && `${counted(triedAgain.length, "case")} came to something else when tried again`,
  ];
  return `network: ${parts.filter((one) => one !== false).join("; ")}`;
}
