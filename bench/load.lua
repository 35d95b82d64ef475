-- What wrk sends: requests made before, read from a file ("<length>\n<bytes>" each), from the n-th on, in turn.
local requests, turn = {}, 0

function init(args)
   local file = assert(io.open(args[1], "rb"))
   while true do
      local length = file:read("*l")
      if not length then break end
      requests[#requests + 1] = file:read(tonumber(length))
   end
   file:close()
   turn = tonumber(args[2])
end

function request()
   turn = turn % #requests + 1
   return requests[turn]
end

function done(summary, latency, _)
   local e = summary.errors
   io.write(string.format("BENCH %d %d %d %d %d\n", summary.requests, summary.duration,
      e.connect + e.read + e.write + e.timeout + e.status, latency:percentile(50), latency:percentile(99)))
end
