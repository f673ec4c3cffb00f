import { docker, serviceContainer } from "../docker";
import { LoadedStack } from "./loaded-stack";

/** Prints the users of Redis; its own two are made anew at each start. */
const REDIS_USERS = `{ printf 'AUTH dockwright-admin %s\\n' "$(cat /run/dockwright/admin)"; echo 'ACL USERS'; } |
  redis-cli | grep '^app_'`;
/** A retired principal stays, without rights and with a password that nobody knows. */
const KAFKA_PRINCIPALS = `/opt/kafka/bin/kafka-acls.sh --bootstrap-server 127.0.0.1:9094 --list |
  sed -n 's/.*principal=User:\\([^,]*\\),.*/\\1/p' | sort -u`;
const NATS_USERS = `sed -n 's/.*"user": *"\\([^"]*\\)".*/\\1/p' /var/tmp/logins/users.conf`;

/** Every login of ours on the servers of a stack, as `server login`, sorted: asked there, not read from the state. */
export async function serverLogins(stack: LoadedStack): Promise<string[]> {
  const listed = stack.deployment.system.project === "lunch-bot" ? lunchBotLogins(stack) : taskTrackerLogins(stack);
  return (await Promise.all(listed)).flat().sort();
}

function lunchBotLogins(stack: LoadedStack): Promise<string[]>[] {
  return [roles(stack, "lunchbot_user"), inside(stack, "redis", REDIS_USERS), inside(stack, "kafka", KAFKA_PRINCIPALS)];
}

function taskTrackerLogins(stack: LoadedStack): Promise<string[]>[] {
  return [roles(stack, "task_tracker"), inside(stack, "nats", NATS_USERS)];
}

async function roles({ query }: LoadedStack, owner: string): Promise<string[]> {
  const rows = await query(`SELECT rolname FROM pg_roles WHERE rolcanlogin AND starts_with(rolname, '${owner}_')`);
  return rows.map(([role = ""]) => `postgres ${role}`);
}

async function inside({ deployment }: LoadedStack, server: string, script: string): Promise<string[]> {
  const { Id } = await serviceContainer(deployment.project, server);
  const shell = server === "kafka" ? "bash" : "sh";
  const listed = await docker("exec", Id, shell, "-c", script);
  return listed
    .split("\n")
    .filter(Boolean)
    .map((login) => `${server} ${login.trim()}`);
}
