/** What counts as one address: of IPv6 the network of 64 bits, of which one host has all the rest [RFC 6177 2]. */
export function originOf(address: string): string | undefined {
  if (address === "") return undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail] = (address.split("%")[0] as string).split("::");
  const groups = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? 0 : tail.split(":").length;
  while (groups.length < 4 && groups.length + last < 8) groups.push("0");
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
