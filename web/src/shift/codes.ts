/** The codes that a shift offers, and who is offered which. */

/** Kinds of units of the police. */
export const POLICE: readonly string[] = ["area_police", "police"];
/** Kinds of civil guardians. */
export const CIVIL: readonly string[] = ["fieldworkers", "guards", "harbour_watch", "boat_watch", "neighbourhood_watch", "night_walk", "partner"];
export const MODES: readonly string[] = ["foot", "bicycle", "car", "boat", "mobile_office"];
export const SEEN: readonly string[] = ["nothing", "defect", "disorder", "crime"];
export const CONTACTS: readonly string[] = ["nobody", "few", "some", "many"];

const PURPOSES = ["presence", "follow_up", "safety_walk", "school", "meeting", "event", "mobile_office"];
const POLICE_PURPOSES = ["traffic_control", "sobriety_control", "narcotics"];
const TACTICS = ["talk", "walk", "information", "youth", "elderly", "harbour"];
const POLICE_TACTICS = ["speed", "breath_test"];

/** Why a unit of this kind can be somewhere. */
export function purposes(kind: string): string[] {
  return POLICE.includes(kind) ? [...PURPOSES, ...POLICE_PURPOSES] : PURPOSES;
}

/** What a unit of this kind can do there. */
export function tactics(kind: string): string[] {
  return POLICE.includes(kind) ? [...TACTICS, ...POLICE_TACTICS] : TACTICS;
}
