import ts from 'typescript'
import { ENTRIES, sourceName } from './packages'

/** An option or error code as declared in the code. */
export interface Declared {
  readonly name: string
  /** Where it is declared. Functions that share a declaration have the same value. */
  readonly where: string
  /** The functions that take the option, such as `createServer`, or the error classes that have the code. */
  readonly owners: ReadonlySet<string>
}

/** What the code declares. */
export interface DeclaredNames {
  readonly options: readonly Declared[]
  readonly codes: readonly Declared[]
  /** Error classes whose codes are defined elsewhere, such as those of errno(3). */
  readonly openClasses: ReadonlySet<string>
}

/** Parameters with these names hold options, whose properties callers write by name. */
const OPTION_PARAMETERS = new Set(['options', 'limits', 'init', 'description'])

/** Reads the sources of all packages with the TypeScript compiler. Takes several seconds. */
export function declaredNames(): DeclaredNames {
  return new Declarations().all()
}

class Declarations {
  readonly #checker: ts.TypeChecker
  /** All exports of the entries of the packages. */
  readonly #exports: readonly ts.Symbol[]
  readonly #options = new Map<string, Declared & { readonly owners: Set<string> }>()
  /** Types that functions return for others to accept as options. */
  readonly #results = new Set<ts.Type>()

  constructor() {
    const program = ts.createProgram([...ENTRIES], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      skipLibCheck: true,
    })
    this.#checker = program.getTypeChecker()
    this.#exports = ENTRIES.flatMap((entry) => {
      const module = this.#checker.getSymbolAtLocation(program.getSourceFile(entry)!)
      return this.#checker.getExportsOfModule(module!).map((symbol) => this.#resolve(symbol))
    })
  }

  all(): DeclaredNames {
    const functions = this.#exports.flatMap((symbol) => this.#functionsOf(symbol))
    for (const { signature } of functions) this.#results.add(signature.getReturnType())
    for (const { owner, signature } of functions) this.#addOptions(owner, signature)
    const codes = this.#exports.flatMap((symbol) => this.#codesOf(symbol))
    return {
      options: [...this.#options.values()],
      codes: codes.filter(({ name }) => name !== undefined) as Declared[],
      openClasses: new Set(
        codes.filter(({ name }) => name === undefined).flatMap(({ owners }) => [...owners]),
      ),
    }
  }

  #resolve(symbol: ts.Symbol): ts.Symbol {
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0
    return isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol
  }

  /** A function, a class's constructor, and the methods of a class or interface. */
  #functionsOf(symbol: ts.Symbol): { owner: string; signature: ts.Signature }[] {
    const checker = this.#checker
    const value =
      symbol.valueDeclaration === undefined ? undefined : checker.getTypeOfSymbol(symbol)
    const own = [...(value?.getCallSignatures() ?? []), ...(value?.getConstructSignatures() ?? [])]
    const isObject = (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class)) !== 0
    const members = isObject ? checker.getDeclaredTypeOfSymbol(symbol).getProperties() : []
    return [
      ...own.map((signature) => ({ owner: symbol.name, signature })),
      ...members.flatMap((member) =>
        checker
          .getNonNullableType(checker.getTypeOfSymbol(member))
          .getCallSignatures()
          .map((signature) => ({ owner: member.name, signature })),
      ),
    ]
  }

  #addOptions(owner: string, signature: ts.Signature): void {
    for (const parameter of signature.parameters) {
      const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(parameter))
      const typeName = (type.aliasSymbol ?? type.symbol)?.name ?? ''
      // A destructured parameter has no name.
      const isTakenApart = parameter.name.startsWith('__') && typeName.endsWith('Options')
      if (!OPTION_PARAMETERS.has(parameter.name) && !isTakenApart) continue
      if (!this.#results.has(type)) this.#addProperties(owner, type)
    }
  }

  #addProperties(owner: string, type: ts.Type): void {
    for (const property of this.#propertiesOf(type)) {
      const file = property.declarations?.[0]?.getSourceFile().fileName
      const source = file === undefined ? undefined : sourceName(file)
      if (source === undefined) continue
      const where = `${source}: ${property.name}`
      const known = this.#options.get(where)
      if (known === undefined) {
        this.#options.set(where, { name: property.name, where, owners: new Set([owner]) })
      } else if (!known.owners.has(owner)) {
        known.owners.add(owner)
      } else continue
      // Limits are an option that has options of its own.
      if (property.name === 'limits') {
        const limits = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(property))
        this.#addProperties('limits', limits)
      }
    }
  }

  #propertiesOf(type: ts.Type): readonly ts.Symbol[] {
    if (type.isUnion()) return type.types.flatMap((one) => this.#propertiesOf(one))
    return (type.flags & ts.TypeFlags.Object) !== 0 || type.isIntersection()
      ? this.#checker.getPropertiesOfType(type)
      : []
  }

  /** An undefined name means that the class has no codes of its own. */
  #codesOf(symbol: ts.Symbol): (Omit<Declared, 'name'> & { readonly name: string | undefined })[] {
    if ((symbol.flags & ts.SymbolFlags.Class) === 0) return []
    const code = symbol.members?.get(ts.escapeLeadingUnderscores('code'))
    if (code === undefined) return []
    const type = this.#checker.getTypeOfSymbol(code)
    const types = type.isUnion() ? type.types : [type]
    return types.map((one) => {
      const name = one.isStringLiteral() ? one.value : undefined
      return { name, where: `${symbol.name}: ${name}`, owners: new Set([symbol.name]) }
    })
  }
}
