import * as pulumi from "@pulumi/pulumi";

import { Waitable } from "../../components/services/application";
import { servicesBefore } from "../../components/services/services-before";
import { Bindable } from "../../components/secrets/binding";

const named = (service: string) => ({ service: { service, ready: [] } }) as unknown as Waitable & Bindable;

describe("servicesBefore", () => {
  it("names what an application waits for, each once", () => {
    const args = { after: [named("migrate")], uses: [named("postgres"), named("kafka"), named("postgres")] };
    expect(servicesBefore(args)).toEqual(["migrate", "postgres", "kafka"]);
  });

  it("leaves out what has no containers, such as a key ring or a route", () => {
    const keys = { bind: () => ({ credential: "jwt", files: {} }) };
    expect(servicesBefore({ uses: [keys] })).toEqual([]);
    expect(servicesBefore({ after: [Object.create(pulumi.Resource.prototype) as pulumi.Resource] })).toEqual([]);
    expect(servicesBefore({})).toEqual([]);
  });
});
