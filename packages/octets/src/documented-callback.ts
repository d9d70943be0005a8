/** A parameter of a callback, or its result. */
export interface CallbackValue {
  /** Its C type, such as `unsigned int` or `void *`. */
  readonly type: string
  /** What it is, with its unit. */
  readonly text: string
}

/** A parameter of a callback. */
export interface CallbackParameter extends CallbackValue {
  readonly name: string
}

/** What {@link defineDocumentedCallback} takes. */
export interface CallbackDefinition<Values extends readonly unknown[], Result> {
  /** The callback's name, a C identifier. */
  readonly name: string
  /** What it is called for and what it does. */
  readonly text: string
  /** As many as the function has, in its order. */
  readonly parameters: { readonly [Index in keyof Values]: CallbackParameter }
  readonly result: CallbackValue
  /** The function itself. */
  readonly callback: (...values: Values) => Result
}

/** A function that C code calls, with all that is known about it. */
export interface DocumentedCallback<Values extends readonly unknown[] = never, Result = unknown>
  extends CallbackDefinition<Values, Result> {
  /** Its C prototype, such as `int compare(const void *a, const void *b)`: foreign function interfaces take it. */
  readonly prototype: string
  /** Its documentation as Markdown: the prototype, the text, and a list of parameters and result. */
  readonly documentation: string
}

const C_IDENTIFIER = /^[A-Za-z_]\w*$/

/**
 * Keeps a callback for a foreign function interface together with its name, parameters, result and text:
 * it is registered from the same definition that its documentation is made from, so the two can't differ.
 *
 * @throws TypeError if a name isn't a C identifier, if a type or text is empty, or if the function takes
 *   another number of parameters than are described
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

/** `int x`, but `void *x`. */
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
