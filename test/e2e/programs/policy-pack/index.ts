import { PolicyPack, validateResourceOfType } from "@pulumi/policy";
import { RandomString } from "@pulumi/random";

new PolicyPack("test-policies", {
  policies: [
    {
      name: "not-too-short",
      description: "A random text needs four characters.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(RandomString, ({ length }, _, report) => {
        if (length < 4) report(`want 4 or more, got ${length}`);
      }),
    },
    {
      name: "rather-long",
      description: "A random text should have eight characters.",
      enforcementLevel: "advisory",
      validateResource: validateResourceOfType(RandomString, ({ length }, _, report) => {
        if (length < 8) report(`want 8 or more, got ${length}`);
      }),
    },
  ],
});
