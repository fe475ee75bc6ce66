import type {
  AccessorProperty,
  ArrowFunctionExpression,
  Class,
  ClassElement,
  Function as FunctionNode,
  MethodDefinition,
  ParamPattern,
  PropertyDefinition,
  TSTypeAnnotation,
} from 'oxc-parser'

type Callable = FunctionNode | ArrowFunctionExpression

/** Prints declarations as their users see them: as they are written, without bodies and without what is private. */
export class SignaturePrinter {
  readonly #text: string

  /** @param text the file in which the declarations are */
  constructor(text: string) {
    this.#text = text
  }

  /** Whatever lies between two places, as it is written. */
  slice({ start, end }: { start: number; end: number }): string {
    return this.#text.slice(start, end)
  }

  /** The head of a function. @throws Error where it does not say what it answers */
  printFunction(node: FunctionNode): string {
    return `function ${this.#printCall(node.id?.name ?? '', node)}`
  }

  /** The head of a class. */
  printClass(node: Class): string {
    return this.#text.slice(node.start, node.body.start).trim()
  }

  /** A member of a class; undefined for what only the class itself sees. */
  printMember(member: ClassElement, className: string): { name: string; signature: string } | undefined {
    if (!('key' in member) || member.key.type !== 'Identifier' || member.accessibility === 'private') return undefined
    const { name } = member.key
    const signature = 'kind' in member ? this.#printMethod(member, name, className) : this.#printProperty(member, name)
    return { name, signature }
  }

  #printMethod({ kind, value }: MethodDefinition, name: string, className: string): string {
    if (kind === 'constructor') return `new ${className}${this.#printParams(value)}`
    if (kind === 'get') return `readonly ${name}${this.#printType(value.returnType, name)}`
    return this.#printCall(name, value)
  }

  /** One that holds a function is called like a method. */
  #printProperty(property: PropertyDefinition | AccessorProperty, name: string): string {
    const { value, typeAnnotation } = property
    if (value?.type === 'ArrowFunctionExpression' && !typeAnnotation) return this.#printCall(name, value)
    return this.slice(property).replace(/^override /, '')
  }

  #printCall(name: string, node: Callable): string {
    const generics = node.typeParameters ? this.slice(node.typeParameters) : ''
    return `${name}${generics}${this.#printParams(node)}${this.#printType(node.returnType, name)}`
  }

  #printParams({ params }: Callable): string {
    return `(${params.map((param) => this.#printParam(param)).join(', ')})`
  }

  /** A parameter as it is written; one that is taken apart gets the name of its type. */
  #printParam(param: ParamPattern): string {
    if (param.type === 'RestElement' && param.argument.type === 'ArrayPattern') {
      return `...input${this.#printType(param.typeAnnotation, 'input')}`
    }
    const [pattern, initial] =
      param.type === 'AssignmentPattern' ? [param.left, ` = ${this.slice(param.right)}`] : [param, '']
    if (pattern.type !== 'ObjectPattern') return this.slice(param)
    const { typeAnnotation } = pattern
    const isNamed = typeAnnotation?.typeAnnotation.type === 'TSTypeReference'
    const type = this.#printType(typeAnnotation, 'options')
    const name = isNamed ? (/[A-Z][a-z]*$/.exec(type)?.[0] ?? 'options').toLowerCase() : 'options'
    return `${name}${type}${initial}`
  }

  #printType(annotation: TSTypeAnnotation | null | undefined, of: string): string {
    if (!annotation) throw new Error(`the type of ${of} is not written down`)
    return this.slice(annotation)
  }
}
