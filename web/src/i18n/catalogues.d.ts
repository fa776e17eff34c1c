/** The catalogues of the languages that are offered, as `vite.config.ts` finds them. */
declare module "virtual:catalogues" {
  type Catalogues = Partial<Record<string, () => Promise<{ default: Partial<Record<string, string>> }>>>;
  export const catalogues: Catalogues;
  /** Of each what the pages of residents can ask for. */
  export const forResidents: Catalogues;
}
