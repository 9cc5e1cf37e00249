/** The optional parameters of a request's body (src/domain/generation/left-out.ts), and the body without some of them. */
import { OPTIONAL_PARAMETERS } from '../../domain/generation/left-out.ts';
import { asList, asObject, type JsonObject } from './json-values.ts';

/**
 * The paths of the parameters that the upstream may refuse without harm.
 * @param body of a request to either API: only the Responses API has tools
 */
export function optionalParametersOf(body: object): readonly string[] {
  const tool = toolOf(body);
  if (tool === null) return namesIn({ ...body });
  // This `background` is about how the upstream works, and not about the image (errors/unsupported-features.ts).
  const { background: _, ...rest } = { ...body } as JsonObject;
  return [...namesIn(rest), ...namesIn(tool).map((name) => `tools.0.${name}`)];
}

/** The same body without these parameters, named without their path. */
export function withoutParameters<Body extends object>(body: Body, names: readonly string[]): Body {
  if (names.length === 0) return body;
  const left = new Set(optionalParametersOf(body).filter((path) => names.includes(nameOf(path))));
  const tool = toolOf(body);
  const isLeftOut = (path: string) =>
    // Without partial images there is nothing to stream in the Image API.
    left.has(path) || (tool === null && path === 'stream' && left.has('partial_images'));
  const kept = Object.entries(body).filter(([name]) => !isLeftOut(name));
  const tools = tool && [Object.fromEntries(Object.entries(tool).filter(([name]) => !left.has(`tools.0.${name}`)))];
  // Only optional parameters are missing.
  return { ...Object.fromEntries(kept), ...(tools !== null && { tools }) } as Body;
}

/** The name at the end of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function toolOf(body: object): JsonObject | null {
  return asObject(asList(Reflect.get(body, 'tools'))[0]);
}

function namesIn(parameters: JsonObject): string[] {
  return Object.entries(parameters)
    .filter(([name, value]) => Object.hasOwn(OPTIONAL_PARAMETERS, name) && !isEssential(name, value))
    .map(([name]) => name);
}

/** An opaque image is not what was asked for. */
function isEssential(name: string, value: unknown): boolean {
  return name === 'background' && value === 'transparent';
}
