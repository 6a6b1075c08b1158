"""The pages: server-rendered, complete without script; what somebody sees and may do is asked at every request."""
