/** The part of Kaitai's expression language that codecs need: integers, names, enum values, `_`, arithmetic on bits, logic. */
export type Expression =
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "name"; readonly id: string }
  /** `type::reserved` */
  | { readonly kind: "enum"; readonly enumId: string; readonly valueId: string }
  /** `_`, the value under validation */
  | { readonly kind: "self" }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "binary"; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

export type Operator = "or" | "and" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "|" | "&" | "<<" | ">>" | "+" | "-" | "*";

/** Binding strength, Kaitai's own: comparison binds weaker than the bit operators, as in Python. */
const STRENGTH: Readonly<Record<Operator, number>> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "|": 5,
  "&": 6,
  "<<": 7,
  ">>": 7,
  "+": 8,
  "-": 8,
  "*": 9,
};
const NOT_STRENGTH = 3;

const TOKEN =
  /\s*(0x[0-9a-f_]+|0b[01_]+|\d+|[a-z_][a-z0-9_]*(?:::[a-z_][a-z0-9_]*)?|\.to_i\b|==|!=|<=|>=|<<|>>|[<>|&+\-*()])/iy;

/** @throws SyntaxError that says what was not understood */
export function parseExpression(text: string): Expression {
  const tokens = tokenise(text);
  let next = 0;

  const expect = (token: string): void => {
    if (tokens[next] !== token) throw new SyntaxError(`${token} is missing ${whereIs(tokens[next])}`);
    next++;
  };

  const primary = (): Expression => {
    const token = tokens[next++];
    if (token === undefined) throw new SyntaxError("the expression ends too early");
    let value: Expression;
    if (token === "(") {
      value = binary(0);
      expect(")");
    } else if (token === "not") {
      return { kind: "not", operand: binary(NOT_STRENGTH) };
    } else if (/^\d/.test(token)) {
      value = { kind: "integer", value: Number(token.replaceAll("_", "")) };
    } else if (/^[a-z_]/i.test(token)) {
      value = word(token);
    } else {
      throw new SyntaxError(`a value is missing ${whereIs(token)}`);
    }
    // An enum value's number: all values are numbers here.
    while (tokens[next] === ".to_i") next++;
    return value;
  };

  const binary = (least: number): Expression => {
    let left = primary();
    for (;;) {
      const operator = tokens[next];
      if (operator === undefined || !isOperator(operator) || STRENGTH[operator] <= least) return left;
      next++;
      left = { kind: "binary", operator, left, right: binary(STRENGTH[operator]) };
    }
  };

  const result = binary(0);
  if (next < tokens.length) throw new SyntaxError(`nothing more is expected ${whereIs(tokens[next])}`);
  return result;
}

function tokenise(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxError(`${JSON.stringify(text.slice(from).trim())} is not understood`);
    tokens.push(match[1] ?? "");
  }
  return tokens;
}

function word(token: string): Expression {
  if (token === "_") return { kind: "self" };
  if (token === "true" || token === "false") return { kind: "boolean", value: token === "true" };
  const [enumId, valueId] = token.split("::");
  if (enumId !== undefined && valueId !== undefined) return { kind: "enum", enumId, valueId };
  return { kind: "name", id: token };
}

function isOperator(token: string): token is Operator {
  return Object.hasOwn(STRENGTH, token);
}

function whereIs(token: string | undefined): string {
  return token === undefined ? "at the end" : `at ${token}`;
}

/** Every name an expression uses, in order of appearance. */
export function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case "name":
      return [expression.id];
    case "not":
      return namesIn(expression.operand);
    case "binary":
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    default:
      return [];
  }
}

/** How an expression reads in another language. */
export interface Dialect {
  name(id: string): string;
  enumValue(enumId: string, valueId: string): string;
  not(operand: string): string;
  binary(operator: Operator, left: string, right: string): string;
}

/** Prints with brackets wherever two operators meet, so that no dialect's own precedences matter. */
export function printExpression(expression: Expression, dialect: Dialect, self = "_"): string {
  const inner = (part: Expression): string => {
    const text = printExpression(part, dialect, self);
    return part.kind === "binary" ? `(${text})` : text;
  };
  switch (expression.kind) {
    case "integer":
    case "boolean":
      return String(expression.value);
    case "name":
      return dialect.name(expression.id);
    case "enum":
      return dialect.enumValue(expression.enumId, expression.valueId);
    case "self":
      return self;
    case "not":
      return dialect.not(inner(expression.operand));
    case "binary":
      return dialect.binary(expression.operator, inner(expression.left), inner(expression.right));
  }
}
