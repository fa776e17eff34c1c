/** The map's half of the tokens: MapLibre reads no custom properties. */

export interface Palette {
  land: string;
  sea: string;
  coast: string;
  shade: string;
  wave: string;
  veil: string;
  district: string;
  border: string;
  ink: string;
  ink2: string;
  halo: string;
  seaInk: string;
  primary: string;
  card: string;
  fyr: string;
  /** What is mended, and the ring around what is not yet. */
  mended: string;
  /** What imported tiles add. */
  ground: GroundPalette;
}

/** Colours of streets, buildings and green. */
export interface GroundPalette {
  street: string;
  streetEdge: string;
  main: string;
  mainEdge: string;
  path: string;
  rail: string;
  building: string;
  buildingEdge: string;
  park: string;
  wood: string;
  beach: string;
  pitch: string;
  square: string;
  waterInk: string;
  streetInk: string;
  lamp: string;
}

const DAY: Palette = {
  land: "#F4F0E6",
  sea: "#DCE8EE",
  coast: "#B9AC90",
  shade: "#CDBF9F",
  wave: "#B4CBD6",
  veil: "rgba(246, 246, 243, 0.62)",
  district: "#6F7F8A",
  border: "#44545F",
  ink: "#16232E",
  ink2: "#44545F",
  halo: "rgba(255, 255, 255, 0.92)",
  seaInk: "#2F5F75",
  primary: "#0B4F6C",
  card: "#FFFFFF",
  fyr: "#B3261E",
  mended: "#1E6B45",
  ground: {
    street: "#FFFFFF",
    streetEdge: "#D3CBB8",
    main: "#FCEFCF",
    mainEdge: "#C9B88C",
    path: "#A2947A",
    rail: "#9AA3A8",
    building: "#E3D9C6",
    buildingEdge: "#C7B999",
    park: "#E3EBD3",
    wood: "#D6E2C6",
    beach: "#F7EBC9",
    pitch: "#D9E6CC",
    square: "#EFE8DA",
    waterInk: "#9DBCCB",
    streetInk: "#4A4338",
    lamp: "#B7791F",
  },
};

const NIGHT: Palette = {
  land: "#1F2C35",
  sea: "#0F1A22",
  coast: "#51626D",
  shade: "#33434E",
  wave: "#1B2E3A",
  veil: "rgba(12, 20, 27, 0.6)",
  district: "#7E8D97",
  border: "#A9B7C0",
  ink: "#E8EDF0",
  ink2: "#B7C4CC",
  halo: "rgba(15, 26, 34, 0.92)",
  seaInk: "#8DB4C7",
  primary: "#7CC4E4",
  card: "#16242E",
  fyr: "#FF8A80",
  mended: "#7FD1A5",
  ground: {
    street: "#3A4B57",
    streetEdge: "#18232B",
    main: "#54656F",
    mainEdge: "#18232B",
    path: "#5F717D",
    rail: "#54646E",
    building: "#2A3945",
    buildingEdge: "#3A4B57",
    park: "#1F332F",
    wood: "#1B2E2A",
    beach: "#2E3531",
    pitch: "#233A34",
    square: "#25333D",
    waterInk: "#2A4757",
    streetInk: "#C9D3D9",
    lamp: "#FFD27A",
  },
};

/** Colours of the map by day or by night. */
export function palette(night: boolean): Palette {
  return night ? NIGHT : DAY;
}

/** Need (reports), light to dark with even luminance. */
export const NEED = ["#FDE7C8", "#F9C27A", "#F08F4F", "#D9573A", "#A72A3B", "#5E1138"] as const;
/** The same on dark ground, where what is bright stands out. */
const NEED_NIGHT = ["#6F1C47", "#A72A3B", "#D9573A", "#F08F4F", "#F9C27A", "#FDE7C8"] as const;

/** The ramp of need by day or by night, as `--need-1` to `--need-6` have it. */
export function need(night: boolean): typeof NEED | typeof NEED_NIGHT {
  return night ? NEED_NIGHT : NEED;
}

/** Presence, light to dark. */
export const PRESENCE = ["#DDF1EC", "#9FD6C9", "#4FB0A0", "#1E7F77", "#0C4F50"] as const;
