/** What the staff app knows: the question, the answer, and how fresh it is. */

import type { FeatureCollection, MultiPolygon } from "geojson";
import type { Base } from "../api/base";
import { fetchBase } from "../api/base";
import { fetchSet, listAreas, type AreaSet, type SavedShape } from "../api/areas";
import { ApiError } from "../api/layers";
import { fetchCategories, fetchPicture, fetchReports, type CategoryName, type Picture, type Question } from "../api/staff";
import { Calendar, dayName, type Span } from "./times";

/** Periods that can be looked at, in days; 0 is everything. */
export const PERIODS = [30, 90, 365, 1095, 0] as const;

const DAY_MS = 86_400_000;

/** The state of the picture; one a page. */
export class Look {
  readonly code: string;
  readonly zone: string;
  readonly may: ReadonlySet<string>;
  readonly calendar: Calendar;
  period = $state<number>(365);
  category = $state("");
  source = $state("");
  hours = $state("");
  weekdays = $state("");
  district = $state("");
  /** A saved patrol area, as the parameter `area` calls it. */
  area = $state("");
  /** Saved patrol areas, for who may plan by them. */
  areas = $state.raw<AreaSet[]>([]);
  /** What hot spots are measured against. */
  expected = $state("");
  /** A window inside the period, as days; the map holds what lies in it. */
  span = $state.raw<Span | null>(null);
  picture = $state.raw<Picture | null>(null);
  /** Reports of the whole period at all hours: what the brush and the clock choose from. */
  history = $state.raw<Picture["reports"] | null>(null);
  base = $state.raw<Base | null>(null);
  categories = $state.raw<CategoryName[]>([]);
  failure = $state.raw<ApiError | null>(null);
  live = $state(false);
  loading = $state(true);
  loadedAt = $state.raw<Date | null>(null);
  fresh = $state.raw<{ id: string; position: number[] | null }[]>([]);
  selected = $state<number | null>(null);
  /** The hot spot for which somebody is about to write a measure. */
  draft = $state.raw<{ spot: { longitude: number; latitude: number }; district: string | null; name: string } | null>(null);
  #abort: AbortController | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(code: string, zone: string, may: string) {
    this.code = code;
    this.zone = zone;
    this.may = new Set(may.split(" "));
    this.calendar = new Calendar(zone);
  }

  /** The question in the words of the interface. */
  question(): Question {
    const { category, source, hours, weekdays, district, area, expected } = this;
    const days = this.span && { from: dayName(this.span.from), to: dayName(this.span.to) };
    return { from: days?.from ?? this.start(), to: days?.to ?? "", category, source, hours, weekdays, district, area, expected };
  }

  /** First day of the period; empty where it has none. */
  start(): string {
    if (this.period === 0) return "";
    return this.calendar.day(new Date(Date.now() - this.period * DAY_MS).toISOString());
  }

  /** Loads what does not change. */
  async fetchBase(): Promise<void> {
    const [base, categories] = await Promise.all([fetchBase(`/${this.code}/base.json`), fetchCategories(this.code)]);
    this.base = base;
    this.categories = categories;
    if (this.may.has("plan_patrol")) void this.loadAreas().catch(() => undefined);
  }

  /** Lists saved patrol areas again; one that is gone is not asked by any more. */
  async loadAreas(): Promise<void> {
    this.areas = await listAreas(this.code);
    if (!this.area || this.areaName(this.area)) return;
    this.area = "";
    await this.load();
  }

  /** The ground of the set that is asked by, else of the one that was saved last. */
  async fetchShownAreas(): Promise<FeatureCollection<MultiPolygon, SavedShape> | null> {
    const set = this.areas.find((one) => one.areas.some(({ area }) => area === this.area)) ?? this.areas[0];
    return set ? fetchSet(this.code, set.id) : null;
  }

  /** A patrol area in words. */
  areaName(area: string): string {
    return this.areas.flatMap((set) => set.areas.filter((one) => one.area === area).map((one) => `${set.name}: ${one.name}`))[0] ?? "";
  }

  /** Asks again; an earlier question still on its way is dropped. */
  async load(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.loading = true;
    try {
      const question = this.question();
      const narrowed = this.span !== null || question.hours !== "" || question.weekdays !== "";
      const whole = { ...question, from: this.start(), to: "", hours: "", weekdays: "" };
      const [picture, history] = await Promise.all([
        fetchPicture(this.code, question, abort.signal),
        narrowed ? fetchReports(this.code, whole, abort.signal) : null,
      ]);
      this.picture = picture;
      this.history = history ?? picture.reports;
      this.loadedAt = new Date();
      this.failure = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.failure = error instanceof ApiError ? error : new ApiError(0, "");
    } finally {
      if (this.#abort === abort) this.loading = false;
    }
  }

  /** Follows the feed and asks again within a moment of each change. */
  follow(): () => void {
    const events = new EventSource(`/api/v1/municipalities/${this.code}/events`);
    events.addEventListener("open", () => (this.live = true));
    events.addEventListener("error", () => (this.live = false));
    events.addEventListener("change", (event) => {
      this.live = true;
      const { kind } = JSON.parse((event as MessageEvent<string>).data) as { kind: string };
      clearTimeout(this.#again);
      this.#again = setTimeout(() => void this.#reload(kind), 120);
    });
    return () => events.close();
  }

  async #reload(kind: string): Promise<void> {
    const before = new Set(this.picture?.reports.features.map((feature) => String(feature.id)));
    await this.load();
    if (!kind.startsWith("report") || before.size === 0) return;
    const fresh = (this.picture?.reports.features ?? [])
      .filter((feature) => !before.has(String(feature.id)))
      .map((feature) => ({ id: String(feature.id), position: feature.geometry?.coordinates ?? null }));
    if (fresh.length && fresh.length < 20) this.fresh = fresh;
  }

  /** A category in words. */
  categoryName(code: string, language: "sv" | "en"): string {
    return this.categories.find((category) => category.code === code)?.name[language] ?? code;
  }

  /** A district in words. */
  districtName(code: string | null): string {
    const found = this.base?.districts.features.find((district) => district.properties.code === code);
    return found?.properties.name ?? "";
  }
}
