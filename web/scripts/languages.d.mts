/** Every language that there is a file for. */
export function languages(): string[];
/** The languages that are built and so can be served. */
export function offered(): string[];
/** The head and the messages of the catalogue of a language. */
export function catalogue(code: string): Record<string, string | null>;

/** The messages of a language that residents' pages can ask for. */
export function forResidents(code: string): Record<string, string>;
