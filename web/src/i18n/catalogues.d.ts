/** The catalogues of the languages that are offered, as `vite.config.ts` finds them. */
declare module "virtual:catalogues" {
  export const catalogues: Partial<Record<string, () => Promise<{ default: Partial<Record<string, string>> }>>>;
}
