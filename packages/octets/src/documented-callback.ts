/** A parameter or the result of a callback. */
export interface CallbackValue {
  /** Its C type, such as `unsigned int` or `void *`. */
  readonly type: string
  /** Its description, with the unit. */
  readonly text: string
}

/** A parameter of a callback. */
export interface CallbackParameter extends CallbackValue {
  readonly name: string
}

/** The input of {@link defineDocumentedCallback}. */
export interface CallbackDefinition<Values extends readonly unknown[], Result> {
  /** The callback's name, a C identifier. */
  readonly name: string
  /** When it is called and what it does. */
  readonly text: string
  /** In the order of the function's parameters. */
  readonly parameters: { readonly [Index in keyof Values]: CallbackParameter }
  readonly result: CallbackValue
  readonly callback: (...values: Values) => Result
}

/** A function called by C code, with its documentation. */
export interface DocumentedCallback<Values extends readonly unknown[] = never, Result = unknown>
  extends CallbackDefinition<Values, Result> {
  /**
   * Its C prototype for foreign function interfaces, such as `int compare(const void *a, const void
   * *b)`.
   */
  readonly prototype: string
  /**
   * Its documentation as Markdown: the prototype, the text, and a list of parameters and the
   * result.
   */
  readonly documentation: string
}

const C_IDENTIFIER = /^[A-Za-z_]\w*$/

/**
 * Combines a callback for a foreign function interface with its name, parameters, result and
 * documentation. Registration and documentation use the same definition, so they can't differ.
 *
 * @throws TypeError if a name isn't a C identifier, a type or text is empty, or the function
 *   doesn't take as many parameters as are described
 */
export function defineDocumentedCallback<Values extends readonly unknown[], Result>(
  definition: CallbackDefinition<Values, Result>,
): DocumentedCallback<Values, Result> {
  const { name, text, result, callback } = definition
  const parameters: readonly CallbackParameter[] = definition.parameters
  checkDefinition(name, text, parameters, result)
  if (callback.length !== parameters.length) {
    throw new TypeError(
      `The callback ${name} takes ${callback.length} parameters, but ${parameters.length} are described.`,
    )
  }
  const list = parameters.map((parameter) => declare(parameter.type, parameter.name)).join(', ')
  const prototype = `${declare(result.type, name)}(${list || 'void'})`
  return { ...definition, prototype, documentation: document(prototype, text, parameters, result) }
}

function checkDefinition(
  name: string,
  text: string,
  parameters: readonly CallbackParameter[],
  result: CallbackValue,
): void {
  for (const identifier of [name, ...parameters.map((parameter) => parameter.name)]) {
    if (!C_IDENTIFIER.test(identifier)) {
      throw new TypeError(
        `${JSON.stringify(identifier)}, in the callback ${JSON.stringify(name)}, isn't a C identifier: letters, digits and underscores.`,
      )
    }
  }
  if (text === '') throw new TypeError(`The callback ${name} has no text.`)
  for (const value of [...parameters, result]) {
    const what = 'name' in value ? `parameter ${String(value.name)}` : 'result'
    if (value.type === '' || value.text === '') {
      throw new TypeError(`The ${what} of the callback ${name} has no type or no text.`)
    }
  }
}

/** `int x`, but `void *x` without a space after the asterisk. */
function declare(type: string, name: string): string {
  return type.endsWith('*') ? type + name : `${type} ${name}`
}

function document(
  prototype: string,
  text: string,
  parameters: readonly CallbackParameter[],
  result: CallbackValue,
): string {
  const items = [
    ...parameters.map((parameter) => `- \`${parameter.name}\`: ${parameter.text}`),
    `- returns ${result.text}`,
  ]
  return `\`\`\`c\n${prototype}\n\`\`\`\n\n${text}\n\n${items.join('\n')}\n`
}
