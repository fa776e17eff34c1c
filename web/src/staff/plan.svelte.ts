/** What the planner's page knows: the question, the plan, and what was kept of it. */

import { ApiError } from "../api/layers";
import { changePlan, drawPlan, endWish, Infeasible, keepPlan, listPlans, listWishes, readPlan, wishForStop, type Move, type NewWish, type Plan, type PlanHead, type Question, type Shift, type Stop, type StopWish } from "../api/plans";
import type { Calendar } from "./times";

const HOUR_MS = 3_600_000;

/** The desk of a planner; one a page. */
export class Desk {
  readonly code: string;
  question = $state<Question>({ shifts: [], stopMin: 12, floor: 1, floors: {}, coverageShare: 0.3, mustVisit: [], moves: [] });
  plan = $state.raw<Plan | null>(null);
  /** Whether the plan that is shown meets every floor. */
  feasible = $state(true);
  drawing = $state(false);
  /** Whether the question has changed since the plan was drawn. */
  stale = $state(false);
  fault = $state.raw<ApiError | null>(null);
  kept = $state.raw<{ id: string; status: Plan["status"] } | null>(null);
  heads = $state.raw<PlanHead[]>([]);
  wishes = $state.raw<StopWish[]>([]);
  selected = $state<string | null>(null);
  #key = crypto.randomUUID();

  constructor(code: string, calendar: Calendar, due: string) {
    this.code = code;
    this.question.shifts = [evening(calendar, "A")];
    if (due) this.question.mustVisit = [{ place: { districtCode: due } }];
  }

  /** Draws the plan for the question; with `fresh` by other dice. */
  async draw(fresh = false): Promise<void> {
    this.drawing = true;
    if (fresh) delete this.question.seed;
    try {
      this.#take(await drawPlan(this.code, this.question), true);
    } catch (error) {
      if (error instanceof Infeasible) this.#take(error.nearest, false);
      else this.plan = null;
      this.fault = error instanceof ApiError ? error : new ApiError(0, "");
    } finally {
      this.drawing = false;
    }
  }

  #take(plan: Plan, feasible: boolean): void {
    this.plan = plan;
    this.feasible = feasible;
    this.fault = null;
    this.stale = false;
    this.kept = null;
    this.#key = crypto.randomUUID();
    this.question.seed = plan.seed;
    this.question.moves = plan.params.moves;
    if (!this.stops().some((stop) => stop.key === this.selected)) this.selected = null;
  }

  /** Every stop of the plan. */
  stops(): Stop[] {
    return (this.plan?.rounds ?? []).flatMap((round) => round.stops);
  }

  /** Asks for what the nearest plan can give, and no more. */
  async lower(): Promise<void> {
    const short = (this.plan?.floors ?? []).filter((floor) => !floor.met);
    for (const floor of short) this.question.floors[floor.district] = floor.planned;
    this.question.mustVisit = [];
    await this.draw();
  }

  /** Moves a stop and draws again. */
  async move(move: Move): Promise<void> {
    this.question.moves = [...this.question.moves.filter((one) => one.stop !== move.stop), move];
    await this.draw();
  }

  /** Wishes for a stop and draws again with it. */
  async wish(wish: NewWish, key: string): Promise<void> {
    await wishForStop(this.code, wish, key);
    await this.#redraw();
  }

  /** Takes a wish back and draws again without it. */
  async endWish(id: string): Promise<void> {
    await endWish(this.code, id);
    await this.#redraw();
  }

  async #redraw(): Promise<void> {
    this.wishes = await listWishes(this.code);
    await this.draw();
  }

  /** Keeps the plan that is shown. */
  async keep(status: "draft" | "decided"): Promise<void> {
    if (!this.plan) return;
    const id = await keepPlan(this.code, this.plan, status, `${this.#key}-${status}`);
    this.kept = { id, status };
    await this.load();
  }

  /** Decides, ends or withdraws a kept plan. */
  async change(id: string, status: "decided" | "done" | "withdrawn"): Promise<void> {
    await changePlan(this.code, id, status);
    if (this.kept?.id === id) this.kept = { id, status };
    await this.load();
  }

  /** Shows a kept plan. */
  async open(id: string): Promise<void> {
    const plan = await readPlan(this.code, id);
    this.question = structuredClone(plan.params);
    this.#take(plan, true);
    this.kept = { id, status: plan.status };
  }

  /** Lists what is kept and what is wished for. */
  async load(): Promise<void> {
    this.heads = await listPlans(this.code);
    this.wishes = await listWishes(this.code);
  }
}

/** This evening, or tomorrow's where it has begun. */
export function evening(calendar: Calendar, unit: string): Shift {
  const now = new Date();
  const today = calendar.day(now.toISOString());
  const begun = now.getTime() > new Date(`${today}T14:00:00Z`).getTime();
  const day = begun ? calendar.day(new Date(now.getTime() + 24 * HOUR_MS).toISOString()) : today;
  return { unit, from: `${day}T14:00`, to: `${day}T22:00`, mode: "car", breakMin: 30 };
}
