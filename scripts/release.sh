#!/usr/bin/env bash
# Run for each commit on main. While there are changesets, it keeps a pull request up to date that takes them up: new
# versions, changelogs. When that has been merged and none are left, it publishes what the registry does not have.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! compgen -G '.changeset/*.md' >/dev/null; then
  # The registry checks where a package says it comes from against where it was built; only there is that known.
  for folder in packages/*; do
    (cd "$folder" && npm pkg set "repository.type=git" "repository.directory=$folder" \
      "repository.url=git+$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git")
  done
  npx changeset publish
  git push origin --tags
  exit
fi

npx changeset version
git switch --force-create release
git add --all
git -c user.name=release -c user.email=release@users.noreply.github.com commit --message 'Release'
git push --force origin release
gh pr view release --json state --jq .state 2>/dev/null | grep -qx OPEN ||
  gh pr create --head release --title 'Release' --body 'Merging this publishes the versions it sets.'
