// Beside the clock times of a venue: what the reader's own clock says then, if it says otherwise.
"use strict";

const language = document.documentElement.lang;
const ofClock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const ofDay = { day: "numeric", month: "long" };

function told(moments, timeZone) {
  const write = (parts) => new Intl.DateTimeFormat(language, { ...parts, timeZone });
  return {
    times: moments.map((moment) => write(ofClock).format(moment)).join("–"),
    day: write(ofDay).format(moments[0]),
  };
}

for (const clock of document.querySelectorAll(".clock[data-zone]")) {
  const moments = [...clock.querySelectorAll("time")].map((time) => new Date(time.dateTime));
  const there = told(moments, clock.dataset.zone);
  const here = told(moments);
  if (here.times === there.times && here.day === there.day) continue;
  const day = here.day === there.day ? "" : `, ${here.day}`;
  const own = document.createElement("span");
  own.className = "own-time note";
  own.textContent = clock.dataset.words.replace("TIME", here.times + day);
  clock.append(" ", own);
}
