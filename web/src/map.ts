// The map of the city's own streets, water and districts, with shelters by their state. Nothing comes from another machine.

import "maplibre-gl/dist/maplibre-gl.css";
import { AttributionControl, Map as Plan, Marker, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { language } from "./age";
import { rows, type State } from "./state";
import { colours, STATUSES, symbol, type Colours } from "./symbols";

interface CityFile {
  title: string;
  title_uk: string;
  bbox: [number, number, number, number];
  attributions: string[];
  layers: Record<"streets" | "water" | "districts" | "shelters", string>;
  districts: { area_id: string; name: string; name_uk: string; lon: number; lat: number }[];
}

interface ShelterFile {
  features: { id?: number; properties: { shelter_id: string; name: string }; geometry: { type: "Point"; coordinates: [number, number] } }[];
}

type Told = (shelterId: string) => void;

function empty(): FeatureCollection {
  return { type: "FeatureCollection", features: [] };
}

function style(city: CityFile, c: Colours): StyleSpecification {
  return {
    version: 8,
    sources: {
      water: { type: "geojson", data: city.layers.water },
      districts: { type: "geojson", data: city.layers.districts, promoteId: "area_id" },
      streets: { type: "geojson", data: city.layers.streets, tolerance: 0.6 },
      shelters: { type: "geojson", data: city.layers.shelters },
      known: { type: "geojson", data: empty() },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": c.ground } },
      { id: "alert", type: "fill", source: "districts", paint: { "fill-color": c.alert, "fill-opacity": ["case", ["boolean", ["feature-state", "is_on"], false], 0.16, 0] } },
      { id: "water", type: "fill", source: "water", paint: { "fill-color": c.water } },
      { id: "streets", type: "line", source: "streets", paint: { "line-color": c.street, "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.4, 13, 1, 16, 3] } },
      {
        id: "districts", type: "line", source: "districts",
        paint: {
          "line-color": ["case", ["boolean", ["feature-state", "is_on"], false], c.alert, c.district],
          "line-width": ["case", ["boolean", ["feature-state", "is_on"], false], 2.5, 1],
          "line-dasharray": [3, 2],
        },
      },
      {
        id: "shelters", type: "circle", source: "shelters",
        paint: {
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 0.8, 12, 2, 15, 5],
          "circle-color": c.ground, "circle-stroke-color": c.status.unknown,
          "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 9, 0.5, 13, 1.2],
        },
      },
      {
        id: "known", type: "symbol", source: "known",
        layout: {
          "icon-image": ["get", "status"], "icon-allow-overlap": true, "symbol-sort-key": ["get", "rank"],
          "icon-size": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 13, 1],
        },
        paint: { "icon-opacity": ["match", ["get", "freshness"], "old", 0.65, 1] },
      },
    ],
  };
}

/** The map of one page. */
export class CityMap {
  private constructor(
    private readonly plan: Plan,
    private readonly places: Map<string, [number, number]>,
    readonly names: Map<string, string>,
    private state: State | null,
  ) {}

  /** Draw the city into an element, by the address that its data are under. */
  static async draw(element: HTMLElement, onPick: Told): Promise<CityMap> {
    setWorkerUrl(workerUrl);
    const base = element.dataset["src"] ?? "/api/v1/map";
    const city = (await (await fetch(`${base}/city.json`)).json()) as CityFile;
    const shelters = (await (await fetch(city.layers.shelters)).json()) as ShelterFile;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (element.dataset["theme"] ? element.dataset["theme"] === "dark" : dark.matches);
    const plan = new Plan({
      container: element,
      style: style(city, colours(isDark())),
      bounds: city.bbox,
      fitBoundsOptions: { padding: 12 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      cooperativeGestures: element.dataset["map"] === "page",
    });
    plan.touchZoomRotate.disableRotation();
    plan.addControl(new NavigationControl({ showCompass: false }), "top-right");
    plan.addControl(new ScaleControl({}), "bottom-left");
    if (city.attributions.length) plan.addControl(new AttributionControl({ customAttribution: city.attributions }), "bottom-right");
    const names = new Map(shelters.features.map((each) => [each.properties.shelter_id, each.properties.name]));
    const places = new Map(shelters.features.map((each) => [each.properties.shelter_id, each.geometry.coordinates]));
    const map = new CityMap(plan, places, names, null);
    const dress = () => {
      for (const status of STATUSES) {
        const picture = symbol(status, colours(isDark()));
        if (plan.hasImage(status)) plan.removeImage(status);
        plan.addImage(status, picture, { pixelRatio: 2 });
      }
      map.show(map.state);
    };
    plan.on("style.load", dress);
    dark.addEventListener("change", () => plan.setStyle(style(city, colours(isDark())), { diff: false }));
    for (const layer of ["known", "shelters"]) {
      plan.on("click", layer, (event) => {
        const picked = event.features?.[0]?.properties["shelter_id"] as string | undefined;
        if (picked) onPick(picked);
      });
      plan.on("mouseenter", layer, () => (plan.getCanvas().style.cursor = "pointer"));
      plan.on("mouseleave", layer, () => (plan.getCanvas().style.cursor = ""));
    }
    map.label(city);
    await new Promise<void>((done) => plan.once("load", () => done()));
    element.dataset["drawn"] = "";
    return map;
  }

  /** Names of districts as words of the page; one that would lie over another is left out until there is room. */
  private label(city: CityFile): void {
    const names = city.districts.map((district) => {
      const name = document.createElement("span");
      name.className = "district-name";
      name.textContent = language() === "en" ? district.name : district.name_uk || district.name;
      new Marker({ element: name }).setLngLat([district.lon, district.lat]).addTo(this.plan);
      return name;
    });
    const place = () => {
      const shown: DOMRect[] = [];
      for (const name of names) {
        const box = name.getBoundingClientRect();
        const isOver = shown.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
        name.style.visibility = isOver ? "hidden" : "";
        if (!isOver) shown.push(box);
      }
    };
    this.plan.on("moveend", place);
    this.plan.once("load", place);
  }

  /** Show a state: which districts are under alert, and what is known of shelters. */
  show(state: State | null): void {
    this.state = state;
    const known = this.plan.getSource<GeoJSONSource>("known");
    if (!state || !known) return;
    for (const area of rows(state, "areas")) {
      this.plan.setFeatureState({ source: "districts", id: String(area["area_id"]) }, { is_on: area["word"] === "on" });
    }
    const features: Feature[] = [];
    for (const row of rows(state, "shelters")) {
      const place = this.places.get(String(row["shelter_id"]));
      const status = String(row["status"]);
      if (!place) continue;
      features.push({
        type: "Feature",
        geometry: { type: "Point", coordinates: place },
        properties: { shelter_id: row["shelter_id"], status, freshness: row["freshness"], rank: ["unknown", "open", "filling", "full", "shut"].indexOf(status) },
      });
    }
    known.setData({ type: "FeatureCollection", features });
  }

  /** Bring a shelter into the middle. */
  goTo(shelterId: string): void {
    const place = this.places.get(shelterId);
    if (!place) return;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const view = { center: place, zoom: Math.max(this.plan.getZoom(), 14) };
    if (isCalm) this.plan.jumpTo(view);
    else this.plan.easeTo(view);
  }
}
