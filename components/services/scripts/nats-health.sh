#!/bin/sh
# Healthy: JetStream runs and has recovered every stream, and the clients' port wants a login and offers JetStream.
if ! answer=$(wget -q -T 3 -O - http://127.0.0.1:8222/healthz 2>&1); then
  echo "JetStream is not healthy: $answer"
  exit 1
fi
greeting=$(timeout 3 nc 127.0.0.1 4222 </dev/null)
for sign in '"auth_required":true' '"jetstream":true'; do
  case $greeting in
    *"$sign"*) ;;
    *)
      echo "no $sign from the clients' port"
      exit 1
      ;;
  esac
done
