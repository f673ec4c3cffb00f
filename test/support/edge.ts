import { EdgeSettings } from "../../components/edge/edge-settings";
import { edgeFragment } from "../../components/settings/edge-fragment";

/** An edge with the defaults of the settings, changed where a test asks. */
export function edgeSettings(changes: Partial<EdgeSettings> = {}): EdgeSettings {
  return { ...edgeFragment().parse({ publicUrl: "http://127.0.0.1:8080", httpPort: 8080 }), ...changes };
}
